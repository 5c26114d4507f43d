import { hash } from 'node:crypto'
import type { Stats } from 'node:fs'

/** Size, mtime, ctime and inode: while these stay, so does the content — unless the file is racy, see `settlesAt`. */
export type Signature = [size: number, mtimeMs: number, ctimeMs: number, inode: number]

/** What `lstat` says of files, four numbers each: while all of it stays, nobody has touched them. */
export interface Signatures {
  paths: string[]
  /** Size, mtime, ctime and inode of each, in the order of the paths; NaN where nothing is. */
  numbers: number[]
  /** False where a file was touched so lately that it could change once more and keep its times. */
  settled: boolean
}

const perFile = 4

export function signaturesOf(
  paths: string[],
  statOf: (path: string) => Stats | undefined,
  now: () => number,
): Signatures {
  const looked = now()
  const numbers: number[] = []
  let settled = 0
  for (const path of paths) {
    const stat = statOf(path)
    if (stat) numbers.push(stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino)
    else numbers.push(Number.NaN, Number.NaN, Number.NaN, Number.NaN)
    if (stat) settled = Math.max(settled, settlesAt(stat))
  }
  return { paths, numbers, settled: looked > settled }
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

/** Tells signatures apart, together with what else is to be told apart. */
export function fingerprint({ paths, numbers }: Signatures, others = ''): string {
  const text = `${paths.join('\0')}\0${others}`
  const inBytes = numbers.length * Float64Array.BYTES_PER_ELEMENT
  const needed = inBytes + 3 * text.length
  if (scratch.byteLength < needed) scratch = new ArrayBuffer(2 * needed - (needed % 4) * 2)
  new Float64Array(scratch).set(numbers)
  const bytes = Buffer.from(scratch)
  const end = inBytes + bytes.write(text, inBytes)
  return hash('sha256', bytes.subarray(0, end), 'base64url').slice(0, 22)
}

/** One for all: memory of its own for each would cost more than what is done with it. */
let scratch = new ArrayBuffer(64 * 1024)

/** Until then the file could change once more, within the clock's tick, and keep its times: what was read is not trusted. */
export function settlesAt({ mtimeMs, ctimeMs }: Pick<Stats, 'mtimeMs' | 'ctimeMs'>): number {
  const coarse = mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0
  return Math.max(mtimeMs, ctimeMs) + (coarse ? 2000 : 20)
}

export function signatureOf({ size, mtimeMs, ctimeMs, ino }: Stats): Signature {
  return [size, mtimeMs, ctimeMs, ino]
}

function sameNumbers(some: number[], from: number, others: number[], at: number): boolean {
  for (let place = 0; place < perFile; place++)
    if (!Object.is(some[from + place], others[at + place])) return false
  return true
}
