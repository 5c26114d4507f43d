import { type Share, type Sort, sorts, type TaskUsage, type Usage } from '../model/cache.ts'
import { filesOf, type Inventory, type Kept, sizeOf, takeInventory, totalSize } from './inventory.ts'
import type { CacheLayout } from './layout.ts'
import { type ReadRecord, readRecords } from './read-records.ts'

/** What lies in the cache, and for which tasks. Changes nothing. */
export function usageOf(layout: CacheLayout): Usage {
  const found = takeInventory(layout)
  const { whole, damaged, findings } = readRecords(layout, found)
  const shares = sorts.map((sort): [Sort, Share] => [sort, shareOf(filesOf(found, sort))])
  const blobs = [...blobsWithUse(found, whole)]
  return {
    size: totalSize(found),
    sorts: { ...(Object.fromEntries(shares) as Usage['sorts']), blobs: shareOf(blobs) },
    tasks: tasksOf(found, whole),
    damagedRecords: damaged.length,
    findings: [...found.findings, ...findings],
  }
}

function shareOf(files: Kept[]): Share {
  const oldestUse = files.reduce((oldest, { usedAt }) => Math.min(oldest, usedAt), Infinity)
  return { number: files.length, size: sizeOf(files), ...(files.length > 0 && { oldestUse }) }
}

/** A content is used when a record that refers to it is. */
function* blobsWithUse({ blobs }: Inventory, records: ReadRecord[]): Generator<Kept> {
  const uses = new Map([...blobs].map(([digest, { usedAt }]) => [digest, usedAt]))
  for (const { contents, usedAt } of records)
    for (const digest of contents) uses.set(digest, Math.max(usedAt, uses.get(digest) ?? 0))
  for (const [digest, blob] of blobs) yield { ...blob, usedAt: uses.get(digest)! }
}

function tasksOf({ blobs }: Inventory, records: ReadRecord[]): TaskUsage[] {
  const byTask = new Map<string, ReadRecord[]>()
  for (const record of records) {
    const task = record.instance.replace(/@.*/s, '')
    byTask.set(task, [...(byTask.get(task) ?? []), record])
  }
  const usage = ([task, records]: [string, ReadRecord[]]): TaskUsage => {
    const contents = new Set(records.flatMap(({ contents }) => [...contents]))
    return {
      task,
      records: records.length,
      size: sizeOf([...contents].flatMap((digest) => blobs.get(digest) ?? [])),
      lastUse: Math.max(...records.map(({ usedAt }) => usedAt)),
    }
  }
  return [...byTask].map(usage).sort((a, b) => b.size - a.size)
}
