import { setFlagsFromString } from 'node:v8'

let areLeft = false

/** Commands need the cores more than V8's optimising compiler does: a function is to run seven times as long as by default
 *  before that turns to it. Later versions than that of Node 20 compile more cheaply before. */
export function leaveCoresToCommands(): void {
  if (areLeft) return
  areLeft = true
  if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=1000000')
}
