import { setFlagsFromString } from 'node:v8'

/** Commands need the cores more than V8's optimising compiler does: it is to wait seven times as long as it would, for code
 *  that runs so often. */
export function leaveCoresToCommands(): void {
  setFlagsFromString('--interrupt-budget=1000000')
}
