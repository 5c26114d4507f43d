import { readFileSync } from 'node:fs'
import { type Digest, isDigest } from '../model/digest.ts'
import type { TaskRecord } from '../model/record.ts'
import type { Inventory, OfInstance } from './inventory.ts'
import type { CacheLayout } from './layout.ts'
import { Records } from './records.ts'
import { otherVersion } from './sealed.ts'

export interface ReadRecord extends OfInstance {
  /** What it refers to; of a record of another version of the program, all that it mentions. */
  contents: Set<Digest>
  ofOtherVersion: boolean
}

export interface DamagedRecord extends OfInstance {
  problem: string
}

/** Reads every record of the cache; those that went meanwhile are left out. */
export function readRecords(layout: CacheLayout, { records }: Inventory) {
  const whole: ReadRecord[] = []
  const damaged: DamagedRecord[] = []
  for (const kept of records) {
    let problem: string | undefined
    const record = new Records(layout, (_, found) => {
      problem = found
    }).find(kept.instance, kept.key)
    if (record) whole.push({ ...kept, contents: contentsOf(record), ofOtherVersion: false })
    else if (problem === otherVersion)
      whole.push({ ...kept, contents: mentionedIn(kept.path), ofOtherVersion: true })
    else if (problem) damaged.push({ ...kept, problem })
  }
  return { whole, damaged }
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
