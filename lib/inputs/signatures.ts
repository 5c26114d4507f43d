import { constants, type Stats } from 'node:fs'

/** What `lstat` tells of a file that decides anything. While size, times and inode stay, so does the content — unless the
 *  file is racy, see `settlesAt`. */
export type Outside = Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino' | 'mode'>

export function isFolder({ mode }: Pick<Outside, 'mode'>): boolean {
  return (mode & constants.S_IFMT) === constants.S_IFDIR
}

/** The outside of several files: while all of it stays, nobody has touched them. */
export interface Signatures {
  paths: string[]
  /** Size, mtime, ctime, inode and mode of each, in the order of the paths; NaN where nothing is. */
  numbers: number[]
  /** False where a file was touched so lately that it could change once more and keep its times. */
  settled: boolean
  /** When none of them could do so any more, in ms since the epoch. */
  settledAt: number
}

const perFile = 5
const nothing = Array<number>(perFile).fill(Number.NaN)

export function signaturesOf(
  paths: string[],
  outsideOf: (path: string) => Outside | undefined,
  now: () => number,
): Signatures {
  const looked = now()
  const numbers: number[] = []
  let settledAt = 0
  for (const path of paths) {
    const outside = outsideOf(path)
    if (outside) numbers.push(outside.size, outside.mtimeMs, outside.ctimeMs, outside.ino, outside.mode)
    else numbers.push(...nothing)
    if (outside) settledAt = Math.max(settledAt, settlesAt(outside))
  }
  return { paths, numbers, settled: looked > settledAt, settledAt }
}

/** Undefined where nothing was. */
export function outsideAt({ numbers }: Signatures, index: number): Outside | undefined {
  const at = index * perFile
  if (Number.isNaN(numbers[at])) return undefined
  return {
    size: numbers[at]!,
    mtimeMs: numbers[at + 1]!,
    ctimeMs: numbers[at + 2]!,
    ino: numbers[at + 3]!,
    mode: numbers[at + 4]!,
  }
}

/** A path that does not lie in both as it lies in one of them; undefined where they are the same. */
export function firstTouched(before: Signatures, after: Signatures): string | undefined {
  const places = new Map(before.paths.map((path, index) => [path, index * perFile]))
  for (const [index, path] of after.paths.entries()) {
    const was = places.get(path)
    places.delete(path)
    if (was === undefined || !sameNumbers(before.numbers, was, after.numbers, index * perFile)) return path
  }
  const [gone] = places.keys()
  return gone
}

/** The clock of files may be so far behind. */
const tickMs = 20

/** Where times are whole seconds, the clock may tick every other one. */
export const longestToSettleMs = 2000

/** So far may the time of a file be behind. */
export function tickOf({ mtimeMs, ctimeMs }: Pick<Outside, 'mtimeMs' | 'ctimeMs'>): number {
  return mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0 ? longestToSettleMs : tickMs
}

/** Until then the file could change once more, within the clock's tick, and keep its times: what was read is not trusted. */
export function settlesAt(outside: Pick<Outside, 'mtimeMs' | 'ctimeMs'>): number {
  return Math.max(outside.mtimeMs, outside.ctimeMs) + tickOf(outside)
}

function sameNumbers(some: number[], from: number, others: number[], at: number): boolean {
  for (let place = 0; place < perFile; place++)
    if (!Object.is(some[from + place], others[at + place])) return false
  return true
}
