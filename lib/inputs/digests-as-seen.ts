import { bigFile, hashFileNow } from '../disk/hash-file.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import type { Entry, RememberedDigests } from './digest-memory.ts'
import { isSameLook, isToldAlike, toldBy } from './looks.ts'
import type { DigestsOf, SeenFolder } from './seen-folder.ts'
import { settlesAt } from './signatures.ts'

/** To open a file takes as long as to hash so many bytes. */
export const costOfFile = 8 * 1024

export interface Reading {
  root: string
  remembered: RememberedDigests
  now: () => number
  /** When the survey began, in ms since the epoch. */
  began: number
}

/** Tells what remembered files of folders hold that a survey saw. What looks other than it is remembered is read, as much as
 *  may be at once; undefined for all else. */
export function digestsAsSeen(reading: Reading): DigestsOf {
  const budget = { left: bigFile }
  return (path, folder) => {
    try {
      return digestsIn(path, folder, reading, budget)
    } catch {
      return [] // whoever reads the files then says what is wrong with them
    }
  }
}

function digestsIn(
  path: string,
  folder: SeenFolder,
  { root, remembered, now, began }: Reading,
  budget: { left: number },
) {
  const known = remembered.in(path)
  const read = new Map<string, Entry>()
  const place = placeOf(root, path)
  const digests = folder.all.map(({ type, name, look }) => {
    const entry = known.get(name)
    if (!entry || type !== 'f') return undefined
    if (isSameLook(look, entry[0])) return entry[1]
    const told = toldBy(look)
    const cost = told.size + costOfFile
    if (cost > budget.left || settlesAt(told) >= now()) return undefined
    budget.left -= cost
    const digest = hashFileNow(`${place}/${name}`)
    read.set(name, [look, digest])
    return digest
  })
  if (read.size === 0) return digests
  if (!isStill(place, folder, began)) return []
  remembered.setIn(path, read)
  return digests
}

/** Where a path from the root lies: from where it works, the system finds a file sooner. */
export function placeOf(root: string, path: string): string {
  return process.cwd() === root ? path : `${root}/${path}`
}

/** Whether a folder has the very files that were seen in it from that time on: otherwise others were read. */
export function isStill(place: string, { itself }: SeenFolder, time: number): boolean {
  const told = toldBy(itself.look)
  const stat = statIfThere(place)
  return stat !== undefined && isToldAlike(told, stat) && settlesAt(told) < time
}
