import { setFlagsFromString } from 'node:v8'

let areLeft = false

/** Commands need the cores more than V8's optimising compiler does: a function is to run seven times as long as by default
 *  before that turns to it. */
export function leaveCoresToCommands(): void {
  if (areLeft) return
  areLeft = true
  setFlagsFromString('--interrupt-budget=1000000')
}
