import type { Event, RunEnd, TaskEnd, TaskProgress } from '../model/event.ts'
import type { Colors } from './colors.ts'
import { complaints } from './complaints.ts'
import { condensed } from './condensed.ts'
import { outputLines } from './output-lines.ts'
import type { Outlet, Reporter } from './reporter.ts'
import type { Seen } from './summary.ts'
import { summary } from './summary.ts'
import { bytes } from './words/bytes.ts'
import { duration } from './words/duration.ts'
import { failureInWords } from './words/failure.ts'
import { reasonsInWords } from './words/reason.ts'
import { did, whySkipped, would } from './words/status.ts'
import { visible } from './words/visible.ts'

export interface PlainOptions {
  colors: Colors
  /** Only failures and the summary. */
  quiet: boolean
  /** Every reason, and a line for every instance. */
  verbose: boolean
  /** Shown at the end when their task stands. */
  links: Seen[]
}

/** One line for everything that happens, in the order it happens: for people, terminals and logs alike. */
export function plainReporter(outlet: Outlet, { colors, quiet, verbose, links }: PlainOptions): Reporter {
  const say = (line: string) => quiet || outlet.out(`${line}\n`)
  const uneventful = condensed((text) => say(colors.dim(`· ${text}`)), verbose ? Number.POSITIVE_INFINITY : 3)
  const now = (line: string) => {
    uneventful.flush()
    say(line)
  }
  const output = outputLines((task, line) => now(`${colors.cyan(task)} ${colors.dim('│')} ${line}`))
  const complain = complaints(outlet)
  const because = (end: Pick<TaskEnd, 'reasons'>) =>
    end.reasons.length === 0 ? '' : `: ${reasonsInWords(end.reasons, verbose ? Number.POSITIVE_INFINITY : 3)}`
  const quarters = new Map<string, number>()
  const ends: TaskEnd[] = []

  function onProgress({ task, done, total, unit }: TaskProgress): void {
    const quarter = total > 0 ? Math.floor((4 * done) / total) : 0
    if (quarter >= 1 && quarter <= 3 && quarter > (quarters.get(task) ?? 0)) {
      const size = unit === 'bytes' ? bytes(total) : `${total} ${unit}`
      now(`${colors.cyan(task)} ${colors.dim('│')} ${quarter * 25} % of ${size}`)
    }
    quarters.set(task, quarter)
  }

  function onEnd(end: TaskEnd): void {
    const { task, status, dryRun } = end
    output.end(task)
    quarters.delete(task)
    ends.push(end)
    const words = dryRun ? would[status] : did[status]
    const skip = whySkipped(end.reasons)
    if (skip !== undefined) uneventful.add(`skipped (${visible(skip)})`, task)
    else if (status === 'up-to-date' || status === 'cancelled') uneventful.add(words, task)
    else if (status === 'blocked')
      now(`${colors.yellow('–')} ${task} ${words}${end.blockedBy ? ` by ${end.blockedBy}` : ''}`)
    else if (status === 'failed')
      now(
        `${colors.red('✗')} ${task} ${words}${took(end)}${end.failure ? `: ${failureInWords(end.failure).what}` : ''}`,
      )
    else if (status === 'unknown') now(`${colors.yellow('?')} ${task} ${words}${because(end)}`)
    else if (dryRun) now(`${colors.green('▸')} ${task} ${words}${because(end)}`)
    else now(`${colors.green('✓')} ${task} ${words}${took(end)}${status === 'restored' ? because(end) : ''}`)
  }

  function onRunEnd(end: RunEnd): void {
    uneventful.flush()
    outlet.out(`${summary(end, ends, links, colors)}\n`)
  }

  return {
    on(event: Event): void {
      if (event.type === 'task-start' && !event.dryRun)
        now(`${colors.green('▸')} ${colors.bold(event.task)} starts${because(event)}`)
      else if (event.type === 'task-output') output.add(event.task, event.stream, event.text)
      else if (event.type === 'task-progress') onProgress(event)
      else if (event.type === 'task-end') onEnd(event)
      else if (event.type === 'run-end') onRunEnd(event)
      complain.on(event)
    },
    async end() {
      uneventful.flush()
    },
  }
}

function took({ ms, dryRun }: TaskEnd): string {
  return dryRun ? '' : ` (${duration(ms)})`
}
