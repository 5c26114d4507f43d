import { bigFile, hashFileNow } from '../disk/hash-file.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import type { Digest } from '../model/digest.ts'
import type { Entry, RememberedDigests } from './digest-memory.ts'
import { isSameLook, isToldAlike, toldBy } from './looks.ts'
import type { DigestsOf, SeenFolder } from './seen-folder.ts'
import { settlesAt } from './signatures.ts'

/** To open a file takes as long as to hash so many bytes. */
export const costOfFile = 8 * 1024

interface Reading {
  root: string
  /** When the survey began, in ms since the epoch. */
  began: number
  now: () => number
  /** Whether a file of so many bytes may be read. */
  mayRead(bytes: number): boolean
}

/** Tells what remembered files of folders hold that a survey saw. What looks other than it is remembered is read, as much as
 *  may be at once; undefined for all else. */
export function digestsAsSeen(remembered: RememberedDigests, reading: Omit<Reading, 'mayRead'>): DigestsOf {
  let left = bigFile
  const mayRead = (bytes: number) => {
    const cost = bytes + costOfFile
    if (cost > left) return false
    left -= cost
    return true
  }
  return (path, folder) => {
    const { digests, read } = lookInto(path, folder, remembered.in(path), { ...reading, mayRead })
    if (read.size > 0) remembered.setIn(path, read)
    return digests
  }
}

interface Insight {
  /** Of all that was seen; undefined for what is not known. */
  digests: (Digest | undefined)[]
  /** By name, what was read now. */
  read: ReadonlyMap<string, Entry>
}

/** The same of one folder, where this is known of its files. */
export function lookInto(
  path: string,
  folder: SeenFolder,
  known: ReadonlyMap<string, Entry>,
  reading: Reading,
): Insight {
  try {
    const place = placeOf(reading.root, path)
    const insight = readIn(place, folder, known, reading)
    if (insight.read.size === 0 || isStill(place, folder, reading.began)) return insight
  } catch {} // whoever reads the files then says what is wrong with them
  return { digests: [], read: new Map() }
}

function readIn(
  place: string,
  folder: SeenFolder,
  known: ReadonlyMap<string, Entry>,
  { now, mayRead }: Reading,
): Insight {
  const read = new Map<string, Entry>()
  const digests = folder.all.map(({ type, name, look }) => {
    const entry = known.get(name)
    if (!entry || type !== 'f') return undefined
    if (isSameLook(look, entry[0])) return entry[1]
    const told = toldBy(look)
    if (settlesAt(told) >= now() || !mayRead(told.size)) return undefined
    const digest = hashFileNow(`${place}/${name}`)
    read.set(name, [look, digest])
    return digest
  })
  return { digests, read }
}

/** Where a path from the root lies: from where it works, the system finds a file sooner. */
function placeOf(root: string, path: string): string {
  return process.cwd() === root ? path : `${root}/${path}`
}

/** Whether a folder has the very files that were seen in it from that time on: otherwise others were read. */
function isStill(place: string, { itself }: SeenFolder, time: number): boolean {
  const told = toldBy(itself.look)
  const stat = statIfThere(place)
  return stat !== undefined && isToldAlike(told, stat) && settlesAt(told) < time
}
