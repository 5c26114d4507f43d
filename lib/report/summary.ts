import type { RunEnd, TaskEnd } from '../model/event.ts'
import type { Counts, LookedStatus } from '../model/status.ts'
import type { Colors } from './colors.ts'
import { count } from './words/count.ts'
import { duration } from './words/duration.ts'
import { failedHostsInWords } from './words/failed-hosts.ts'
import { inList } from './words/list.ts'
import { did, would } from './words/status.ts'

/** Where what a task started is to be seen. */
export interface Seen {
  task: string
  label: string
  url: string
}

/** The last words of a run: what became of everything, where the logs of failures are, where to look now. */
export function summary(end: RunEnd, ends: TaskEnd[], links: Seen[], colors: Colors): string {
  const sentence = `${inWords(end.counts, end.dryRun ? would : did)} (${duration(end.ms)})`
  const mark = end.ok ? colors.green('✓') : colors.red('✗')
  const failed = ends.filter(({ status }) => status === 'failed')
  return [
    `\n${mark} ${colors.bold(headline(end))} ${sentence}`,
    ...failed.map(({ task, log }) => `  ${colors.red(task)} failed${log ? `, its log: ${log}` : ''}`),
    ...failedHostsInWords(end.failedHosts ?? {}).map((line) => `  ${line}`),
    ...linkLines(standing(ends, end.dryRun ? [] : links), colors),
  ].join('\n')
}

function headline({ ok, exitCode, counts, dryRun }: RunEnd): string {
  if (dryRun) return 'Nothing was changed:'
  if (exitCode > 128) return 'Interrupted:'
  if (!ok) return 'Failed:'
  const { 'up-to-date': upToDate, ...others } = counts
  const idle = upToDate > 0 && Object.values(others).every((number) => !number)
  return idle ? 'Nothing to do:' : 'Done:'
}

const order: LookedStatus[] = ['failed', 'blocked', 'cancelled', 'ran', 'restored', 'up-to-date', 'unknown']

function inWords(counts: Counts, words: Record<LookedStatus, string>): string {
  const parts = order.filter((status) => counts[status]).map((status) => `${counts[status]} ${words[status]}`)
  return parts.length === 0 ? count(0, 'task') : inList(parts)
}

/** The links of tasks that stand on every host where they were looked at. */
function standing(ends: TaskEnd[], links: Seen[]): Seen[] {
  const stands = (task: string) => {
    const its = ends.filter((end) => end.task.split('@')[0] === task)
    return its.length > 0 && its.every(({ status }) => ['ran', 'restored', 'up-to-date'].includes(status))
  }
  return links.filter(({ task }) => stands(task))
}

function linkLines(links: Seen[], colors: Colors): string[] {
  const width = Math.max(...links.map(({ label }) => label.length))
  return links.map(({ label, url }) => `  ${label.padEnd(width)}  ${colors.cyan(url)}`)
}
