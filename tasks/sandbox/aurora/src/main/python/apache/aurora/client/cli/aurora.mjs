// The miniature client: says its version; it has no jobs to speak of.
const COMMANDS = ['job', 'update', 'cron', 'quota', 'sla', 'config', 'task']
const INVALID_COMMAND = 5
const NOT_IN_A_MINIATURE = 20

export function main([command, ...args], python) {
  if (command === '--version') {
    console.log(python.resource('apache/aurora/client/cli/.auroraversion').toString().trim())
    console.error('(the client of a sandbox: a miniature)')
  } else if (command === 'help' || command === '--help') {
    console.log(`usage: aurora --version | ${COMMANDS.join(' | ')}  (the miniature client of a sandbox)`)
  } else if (COMMANDS.includes(command)) {
    console.error(`aurora ${[command, ...args].join(' ')}: the miniature Aurora of a sandbox runs no jobs`)
    process.exitCode = NOT_IN_A_MINIATURE
  } else {
    console.error(`aurora: unknown command ${command ?? ''} (the miniature client of a sandbox)`)
    process.exitCode = INVALID_COMMAND
  }
}
