/** What starts an executor is a slave, which says so in the environment. */
export function requireSlave() {
  if (process.env.MESOS_SLAVE_PID) return true
  console.error(
    "Expecting 'MESOS_SLAVE_PID' in the environment (the sandbox's miniature of Aurora @VERSION@)",
  )
  process.exitCode = 1
  return false
}
