import { readFileSync } from 'node:fs'
import type { FileFinding } from '../model/cache.ts'
import { type Digest, isDigest } from '../model/digest.ts'
import type { TaskRecord } from '../model/record.ts'
import type { Inventory, OfInstance } from './inventory.ts'
import type { CacheLayout } from './layout.ts'
import type { FaultKind } from './read.ts'
import { Records } from './records.ts'

export interface ReadRecord extends OfInstance {
  /** What it refers to; of a record of another version of the program, all that it mentions. */
  contents: Set<Digest>
  ofOtherVersion: boolean
}

export interface DamagedRecord extends OfInstance {
  problem: string
}

export interface AllRecords {
  whole: ReadRecord[]
  damaged: DamagedRecord[]
  /** What could not be read. */
  findings: FileFinding[]
}

/** Reads every record of the cache; those that went meanwhile are left out. */
export function readRecords(layout: CacheLayout, { records }: Inventory): AllRecords {
  const all: AllRecords = { whole: [], damaged: [], findings: [] }
  for (const kept of records) {
    const sortIn: Record<FaultKind, (problem: string) => void> = {
      damaged: (problem) => all.damaged.push({ ...kept, problem }),
      unreadable: (problem) => all.findings.push({ kind: 'inaccessible', path: kept.path, problem }),
      'other-version': () =>
        all.whole.push({ ...kept, contents: mentionedIn(kept.path), ofOtherVersion: true }),
    }
    const reading = new Records(layout, (_, problem, kind) => sortIn[kind](problem))
    const record = reading.find(kept.instance, kept.key)
    if (record) all.whole.push({ ...kept, contents: contentsOf(record), ofOtherVersion: false })
  }
  return all
}

/** Not all need be at hand: what a task on a host made lies there. */
function contentsOf({ outputs, collected, log }: TaskRecord): Set<Digest> {
  const files = [...Object.values(outputs), ...Object.values(collected ?? {})]
  const digests = files.flatMap((file) => ('digest' in file ? file.digest : []))
  return new Set(log ? [...digests, log] : digests)
}

function mentionedIn(path: string): Set<Digest> {
  return new Set(
    readFileSync(path, 'utf8')
      .split(/[^0-9a-f]+/)
      .filter(isDigest),
  )
}
