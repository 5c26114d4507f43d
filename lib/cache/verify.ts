import { hashFileNow } from '../disk/hash-file.ts'
import type { Finding } from '../model/cache.ts'
import { Blobs } from './blobs.ts'
import { type Inventory, type Kept, takeInventory } from './inventory.ts'
import { checkEntry } from './kept-entry.ts'
import type { CacheLayout } from './layout.ts'
import { type OnFault, readIfThere } from './read.ts'
import { type ReadRecord, readRecords } from './read-records.ts'
import { Records } from './records.ts'
import { removeUnused } from './removal.ts'
import { readSealed } from './sealed.ts'

/** Reads all of the cache, tells what is wrong with it, and removes what is damaged. What another version of the program
 *  wrote may still serve that one. */
export async function* verify(layout: CacheLayout): AsyncGenerator<Finding> {
  const found = takeInventory(layout)
  yield* found.findings
  for (const { path } of found.foreign) yield { kind: 'foreign', path }
  for (const kept of found.memory)
    yield* judge(layout, kept, (onFault) =>
      kept.path === layout.compiled ? checkEntry(layout, onFault) : readSealed(kept.path, onFault),
    )
  for (const kept of found.downloads) yield* judge(layout, kept, (onFault) => readDownload(kept, onFault))
  for (const [digest, kept] of found.blobs)
    yield* judge(layout, kept, (onFault) => new Blobs(layout, onFault).isWhole(digest))
  yield* verifyRecords(layout, found)
}

/** After the contents that they refer to. */
async function* verifyRecords(layout: CacheLayout, found: Inventory): AsyncGenerator<Finding> {
  const { whole, damaged, findings } = readRecords(layout, found)
  yield* findings
  for (const { problem, ...kept } of damaged)
    yield* dispose(layout, kept, { kind: 'damaged', path: kept.path, problem })
  const blobs = new Blobs(layout, () => {})
  for (const record of whole.filter(mustBeRestorable)) {
    const missing = [...record.contents].filter((digest) => !blobs.has(digest)).length
    const { path, instance } = record
    if (missing > 0) yield* dispose(layout, record, { kind: 'contents-missing', path, instance, missing })
  }
  for (const kept of found.latest)
    yield* judge(layout, kept, (onFault) => new Records(layout, onFault).latest(kept.instance))
}

/** Not what a host's receipt is the record of, whose contents may lie on another machine. */
function mustBeRestorable({ instance, ofOtherVersion }: ReadRecord): boolean {
  return !ofOtherVersion && !instance.includes('@')
}

async function* judge(
  layout: CacheLayout,
  kept: Kept,
  read: (onFault: OnFault) => unknown,
): AsyncGenerator<Finding> {
  const found: Finding[] = []
  await read((path, problem, kind) => {
    if (path !== kept.path || kind === 'other-version') return
    found.push({ kind: kind === 'damaged' ? kind : 'inaccessible', path, problem })
  })
  for (const finding of found)
    if (finding.kind === 'damaged') yield* dispose(layout, kept, finding)
    else yield finding
}

/** What was replaced meanwhile is no longer what was found. */
function* dispose(layout: CacheLayout, kept: Kept, finding: Finding): Generator<Finding> {
  try {
    if (removeUnused(layout, kept)) yield finding
  } catch (error) {
    yield finding
    yield { kind: 'inaccessible', path: kept.path, problem: (error as Error).message }
  }
}

function readDownload({ path, digest }: Inventory['downloads'][number], onFault: OnFault): void {
  const [hex, algorithm] = digest.toLowerCase().split('-').reverse()
  const found = readIfThere(path, (path) => hashFileNow(path, algorithm), onFault)
  if (found && found !== hex) onFault(path, 'its content is not what was to be downloaded', 'damaged')
}
