import type { Event, TaskEnd } from '../model/event.ts'
import type { Colors } from './colors.ts'
import type { Outlet } from './reporter.ts'
import type { Explained } from './words/explained.ts'
import { explain } from './words/explained.ts'
import { failureInWords } from './words/failure.ts'
import { warningInWords } from './words/warning.ts'

/** What every format says on stderr: warnings as they come, and at the end each failure in full. */
export function complaints(outlet: Outlet) {
  const colors = outlet.errColors
  const failed: TaskEnd[] = []
  return {
    on(event: Event): void {
      if (event.type === 'warning')
        outlet.err(`${colors.yellow('Warning:')} ${warningInWords(event.warning)}\n`)
      if (event.type === 'task-end' && event.status === 'failed') failed.push(event)
      if (event.type === 'run-end') for (const end of failed) outlet.err(`\n${failureBlock(end, colors)}\n`)
    },
  }
}

function failureBlock({ task, failure, log }: TaskEnd, colors: Colors): string {
  const { what, detail, next }: Explained = failure ? failureInWords(failure) : { what: 'it did not say why' }
  const block = explain({
    what: `${colors.red(`\`${task}\` failed:`)} ${what}${/[.!?]$/.test(what) ? '' : '.'}`,
    ...(detail && { detail }),
    ...(next && { next }),
  })
  return log ? `${block}\nFull log: ${log}` : block
}
