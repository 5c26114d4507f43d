import type { Event } from '../model/event.ts'
import { bytes } from '../report/words/bytes.ts'

/** So much may be printed that is not read yet: it lies in memory. */
const most = 16 * 1024 * 1024

/** Leaves out what a task prints while too much is not read yet. Commands wait for whoever reads; a function that calls
 *  `log` again and again, and awaits nothing, cannot. What is left out is in the log, and that is said. */
export function withoutFlood(on: (event: Event) => void): (event: Event) => void {
  const leftOut = new Map<string, number>()
  return (event) => {
    if (event.type === 'task-output' && process.stdout.writableLength > most) {
      leftOut.set(event.task, (leftOut.get(event.task) ?? 0) + Buffer.byteLength(event.text))
      return
    }
    const missing = 'task' in event && leftOut.get(event.task)
    if (missing) {
      leftOut.delete(event.task)
      const text = `… ${bytes(missing)} more, faster than it was read: see its log\n`
      on({ type: 'task-output', task: event.task, stream: 'stdout', text })
    }
    on(event)
  }
}
