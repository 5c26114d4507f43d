import { tellOwner } from '../local/uncaught.ts'
import { Failed } from '../model/failure.ts'
import { explain } from './explain.ts'
import { complain } from './output.ts'

/** Node's exit code when nothing is left to wait for, and `main` is not through. */
const unsettled = 13

/** Whole: at the very end nothing can be loaded any more that would put it into words. */
const lost = `Error: The program ended early: a promise was never kept.
A task, or the engine below it, waits for something that can no longer come.
`

/** A task that would end the program would leave everything undone and untold: it fails instead. */
function keepTasksFromExiting(): void {
  const exit = process.exit
  process.exit = (...code) => {
    const error = new Failed({
      kind: 'refused',
      problem: `it called \`process.exit(${code.join()})\`, which would end everything, not only this task`,
      advice: 'Return where it is done, and throw an error where it has failed.',
    })
    // Thrown, too, so that it goes no further.
    if (tellOwner(error)) throw error
    return exit(...code)
  }
}

/**
 * Hands what nobody catches to the task that it comes from. What comes from none is a bug: it ends the program, in words.
 * Task modules are evaluated before `main` is called, so a declaration that cannot be ends here, too: hence this is done
 * when the engine is imported. Where somebody watches already (a test runner), it is left to them.
 */
export function explainUncaught(): void {
  if (process.listenerCount('uncaughtException') > 0) return
  keepTasksFromExiting()
  for (const event of ['uncaughtException', 'unhandledRejection'])
    process.on(event, (error: unknown) => tellOwner(error) || end(error))
  process.on('exit', () => {
    if (process.exitCode !== unsettled) return
    complain(lost)
    process.exitCode = 1
  })
}

function end(error: unknown): void {
  void explain(error).then((exitCode) => process.exit(exitCode))
}
