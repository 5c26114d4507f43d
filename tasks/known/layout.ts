/** Where things lie on hosts (absolute, less the host's root) and in the workspace. */

const state = '/var/lib/aurora-mesosphere'

/** On the master: what was brought there to build from. */
export const stage = {
  eggs: `${state}/stage/eggs`,
  sources: `${state}/stage/sources`,
  scripts: `${state}/stage/remote-scripts`,
}

/** The archive of what slaves need: made on the master, brought home, sent to every slave. */
export const executorPackage = {
  file: 'aurora-executor.tar.gz',
  onMaster: `${state}/package`,
  atHome: 'dist/executor',
  onSlaves: `${state}/incoming`,
}

/** On slaves: `releases/<digest>/`, and `current`, a link to one of them. */
export const executors = `${state}/executors`

/** Loops, their configuration and the health check, on every host that runs something for us. */
export const services = `${state}/services`
