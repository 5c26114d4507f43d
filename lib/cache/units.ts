import type { Sort } from '../model/cache.ts'
import type { Digest } from '../model/digest.ts'
import type { Inventory, Kept } from './inventory.ts'
import type { ReadRecord } from './read-records.ts'

/** What is removed as one: a record with its contents, a log, a download. */
interface Unit {
  sort: Sort
  kept: Kept
  lastUse: number
  contents: Iterable<Digest>
}

/** In the order in which they are removed. */
export function leastRecentlyUsed({ logs, downloads }: Inventory, records: ReadRecord[]): Unit[] {
  const lastUses = new Map<string, number>()
  for (const { instance, usedAt } of records)
    lastUses.set(instance, Math.max(usedAt, lastUses.get(instance) ?? 0))
  const unit = (sort: Sort, kept: Kept): Unit => ({ sort, kept, lastUse: kept.usedAt, contents: [] })
  return [
    ...records.map((record) => ({ ...unit('records', record), contents: record.contents })),
    // A log is of use as long as its instance is.
    ...logs.map((log) => ({
      ...unit('logs', log),
      lastUse: Math.max(log.usedAt, lastUses.get(log.instance) ?? 0),
    })),
    ...downloads.map((download) => unit('downloads', download)),
  ].sort((a, b) => a.lastUse - b.lastUse)
}
