import type { Stats } from 'node:fs'

/** How a file looks, as a text: size, mtime, ctime and inode. While that stays, so does its content. */
export type Look = string

/** The same, as `lstat` tells it. */
export type Told = Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>

/** Makes `find` print it, with times in seconds. */
export const format = '%s/%T@/%C@/%i'

/** The look of what `lstat` says this of: another text than that of `find`, since doubles are less exact. */
export function lookOf({ size, mtimeMs, ctimeMs, ino }: Told): Look {
  return `${size}/${secondsOf(mtimeMs)}/${secondsOf(ctimeMs)}/${ino}`
}

/** What `lstat` says of what looks so. */
export function toldBy(look: Look): Told {
  const afterSize = look.indexOf('/')
  const afterMtime = look.indexOf('/', afterSize + 1)
  const afterCtime = look.indexOf('/', afterMtime + 1)
  return {
    size: Number(look.slice(0, afterSize)),
    mtimeMs: msFrom(look, afterSize + 1),
    ctimeMs: msFrom(look, afterMtime + 1),
    ino: Number(look.slice(afterCtime + 1)),
  }
}

export function isToldAlike(some: Told, other: Told): boolean {
  return (
    some.size === other.size &&
    some.mtimeMs === other.mtimeMs &&
    some.ctimeMs === other.ctimeMs &&
    some.ino === other.ino
  )
}

/** What both have from `find`, or both from `lstat`, is one text. The times of `find` have a digit more. */
export function isSameLook(some: Look, other: Look): boolean {
  return some.length === other.length ? some === other : isToldAlike(toldBy(some), toldBy(other))
}

/** With Node's own roundings it is the number that `lstat` gives. */
function msFrom(look: Look, start: number): number {
  const point = look.indexOf('.', start)
  return Number(look.slice(start, point)) * 1000 + Number(look.slice(point + 1, point + 10)) / 1e6
}

function secondsOf(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const nanoseconds = Math.round((ms - seconds * 1000) * 1e6)
  return `${seconds}.${String(nanoseconds).padStart(9, '0')}`
}
