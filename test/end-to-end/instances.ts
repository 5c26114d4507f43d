export const slaves = ['slave-1', 'slave-2', 'slave-3', 'slave-4'] as const

/** Targets that run on the master alone. */
export const onMaster = ['build-client', 'build-thermos', 'install-aurora', 'package-executor', 'stage-eggs']

/** All instances that `start` and what it needs have, sorted. */
export const everything = [
  'build-mesos-eggs-in-docker',
  ...onMaster.map((name) => `${name}@master`),
  ...slaves.map((slave) => `distribute@${slave}`),
  ...['master', ...slaves].map((host) => `start@${host}`),
].sort()

export const firstRun = 'a first run deploys everything'
