/** What starts an executor is a slave, which says so in the environment. The miniature's slaves start none. */
export function requireSlave() {
  if (!process.env.MESOS_SLAVE_PID)
    console.error("Expecting 'MESOS_SLAVE_PID' in the environment (the sandbox's miniature)")
  else console.error('The miniature Aurora of a sandbox runs no tasks.')
  process.exitCode = 1
}
