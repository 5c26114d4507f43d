import type { Digest } from '../../../lib/model/digest.ts'
import type { Event, RunEnd, TaskEnd } from '../../../lib/model/event.ts'
import type { LookedStatus } from '../../../lib/model/status.ts'
import { colorsFor } from '../../../lib/report/colors.ts'
import type { jsonReporter } from '../../../lib/report/json.ts'
import { type PlainOptions, plainReporter } from '../../../lib/report/plain.ts'
import type { Reporter } from '../../../lib/report/reporter.ts'

export const colors = colorsFor({}, 'never')

/** What a reporter prints for some events. */
export function told(events: Event[], open: (outlet: Parameters<typeof jsonReporter>[0]) => Reporter) {
  const texts = { out: '', err: '' }
  const reporter = open({
    out: (text) => void (texts.out += text),
    err: (text) => void (texts.err += text),
    errColors: colors,
  })
  for (const event of events) reporter.on(event)
  void reporter.end()
  return texts
}

export function plain(events: Event[], options: Partial<PlainOptions> = {}) {
  return told(events, (outlet) =>
    plainReporter(outlet, { colors, quiet: false, verbose: false, links: [], ...options }),
  )
}

export const key = 'a'.repeat(64) as Digest

export function ended(task: string, status: LookedStatus, more: Partial<TaskEnd> = {}): TaskEnd {
  return { type: 'task-end', task, status, reasons: [], ms: 1200, ...more }
}

export function runEnded(counts: Partial<RunEnd['counts']>, more: Partial<RunEnd> = {}): RunEnd {
  const none = { ran: 0, restored: 0, 'up-to-date': 0, failed: 0, blocked: 0, cancelled: 0 }
  return { type: 'run-end', ok: true, exitCode: 0, counts: { ...none, ...counts }, ms: 2300, ...more }
}
