import { dirname } from 'node:path'
import type { Collected, FileFinding, Sort } from '../model/cache.ts'
import type { Digest } from '../model/digest.ts'
import { type Inventory, type Kept, takeInventory, totalSize } from './inventory.ts'
import type { CacheLayout } from './layout.ts'
import { type AllRecords, type ReadRecord, readRecords } from './read-records.ts'
import { listIfThere } from './records.ts'
import { Removal } from './removal.ts'
import { leastRecentlyUsed } from './units.ts'

export interface Limits {
  /** In bytes. */
  maxSize?: number
  /** What was not used since this moment goes; in ms since the epoch. */
  usedSince?: number
  /** What was stored or used since this moment stays: a run that is going may not have recorded it yet. */
  spare?: number
}

/**
 * Removes what is worth nothing, then what was least recently used, until the limits are kept. A record goes before its
 * contents, and these only when no other record refers to them: whenever this ends, what is left is whole.
 */
export function collect(layout: CacheLayout, limits: Limits): Collected {
  const found = takeInventory(layout)
  const total = totalSize(found)
  const records = readRecords(layout, found)
  const findings = [...found.findings, ...records.findings]
  const removal = new Removal(layout, findings)
  const left = () => total - removal.size
  if (allRecordsRead(layout, findings)) removeFrom(found, records, removal, left, limits)
  return { ...removal, left: left() }
}

/** Otherwise nobody knows what they refer to. */
function allRecordsRead({ records }: CacheLayout, findings: FileFinding[]): boolean {
  return !findings.some(({ path }) => path.startsWith(records))
}

function removeFrom(
  found: Inventory,
  { whole, damaged }: AllRecords,
  removal: Removal,
  left: () => number,
  { maxSize = Infinity, usedSince = 0, spare = Infinity }: Limits,
): void {
  const users = countUsers(whole)
  const remove = (sort: Sort, kept: Kept) => kept.usedAt < spare && removal.remove(sort, kept)
  const removeUnusedBlob = (digest: Digest) => {
    const blob = found.blobs.get(digest)
    if (blob && !users.get(digest)) remove('blobs', blob)
  }

  for (const { problem, ...record } of damaged)
    if (remove('records', record)) removal.findings.push({ kind: 'damaged', path: record.path, problem })
  for (const kept of found.temporary) remove('temporary', kept)
  for (const digest of found.blobs.keys()) removeUnusedBlob(digest)
  for (const { sort, kept, lastUse, contents } of leastRecentlyUsed(found, whole)) {
    if (lastUse >= usedSince && left() <= maxSize) break
    if (!remove(sort, kept)) continue
    for (const digest of contents) {
      users.set(digest, users.get(digest)! - 1)
      removeUnusedBlob(digest)
    }
  }
  for (const kept of found.latest) if (namesNoRecord(kept)) remove('latest', kept)
}

function countUsers(records: ReadRecord[]): Map<Digest, number> {
  const users = new Map<Digest, number>()
  for (const { contents } of records)
    for (const digest of contents) users.set(digest, (users.get(digest) ?? 0) + 1)
  return users
}

function namesNoRecord({ path }: Kept): boolean {
  return !listIfThere(dirname(path)).some((name) => name.endsWith('.json'))
}
