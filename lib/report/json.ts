import { complaints } from './complaints.ts'
import type { Outlet, Reporter } from './reporter.ts'

/** One event per line on stdout, and nothing else there. Warnings and failures are told on stderr, in words. */
export function jsonReporter(outlet: Outlet): Reporter {
  const complain = complaints(outlet)
  return {
    on(event) {
      if (event.type !== 'warning') outlet.out(`${JSON.stringify(event)}\n`)
      complain.on(event)
    },
    async end() {},
  }
}
