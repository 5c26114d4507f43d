import { cacheLayout } from '../../cache/layout.ts'
import { usageOf } from '../../cache/usage.ts'
import type { Share, Usage } from '../../model/cache.ts'
import { table } from '../../render/table.ts'
import { age } from '../../report/words/age.ts'
import { bytes } from '../../report/words/bytes.ts'
import { count } from '../../report/words/count.ts'
import { complain, print } from '../output.ts'
import { complainOf } from './complain-of.ts'
import type { CacheRequest } from './request.ts'

/** Shows how much lies in the cache, how long it was not used, and for which tasks it is there. */
export async function stats({ root, limit, format }: CacheRequest): Promise<number> {
  const usage = usageOf(cacheLayout(root))
  print(format === 'json' ? inJson(usage, limit) : inText(usage, limit))
  const { damagedRecords: damaged, findings } = usage
  if (damaged > 0)
    complain(
      `Warning: ${count(damaged, 'record')} cannot be used: \`cache verify\` names and removes what is damaged.\n`,
    )
  return complainOf(findings, root)
}

function inJson({ size, sorts, tasks, damagedRecords }: Usage, limit: number): string {
  const time = (ms: number | undefined) => (ms === undefined ? null : new Date(Math.round(ms)).toISOString())
  const shares = Object.entries(sorts).map(([sort, { number, size, oldestUse }]) => [
    sort,
    { number, size, oldestUse: time(oldestUse) },
  ])
  const byTask = tasks.map((task) => ({ ...task, lastUse: time(task.lastUse) }))
  const data = { size, limit, ...Object.fromEntries(shares), tasks: byTask, damagedRecords }
  return `${JSON.stringify(data, null, 2)}\n`
}

function inText({ size, sorts, tasks }: Usage, limit: number): string {
  const now = Date.now()
  const row = (name: string, { number, size, oldestUse }: Share) =>
    number === 0 ? [] : [[name, `${number}`, bytes(size), age(now - oldestUse!)]]
  const bySort = [
    ['', 'number', 'size', 'oldest use'],
    ...row('contents', sorts.blobs),
    ...row('records', sorts.records),
    ...row('logs', sorts.logs),
    ...row('downloads', sorts.downloads),
    ...row('memory', sorts.memory),
    ...row('half-written', sorts.temporary),
    ...row('foreign', sorts.foreign),
  ]
  const byTask = [
    ['task', 'records', 'contents', 'last use'],
    ...tasks.map((one) => [one.task, `${one.records}`, bytes(one.size), age(now - one.lastUse)]),
  ]
  const total = `${bytes(size)} in all, of ${bytes(limit)}.`
  if (bySort.length === 1) return 'The cache is empty.\n'
  return `${[table(bySort), total, ...(tasks.length > 0 ? [table(byTask)] : [])].join('\n\n')}\n`
}
