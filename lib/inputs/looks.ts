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
  const [size, mtime, ctime, inode] = look.split('/') as [string, string, string, string]
  return { size: Number(size), mtimeMs: msOf(mtime), ctimeMs: msOf(ctime), ino: Number(inode) }
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
function msOf(seconds: string): number {
  const point = seconds.indexOf('.')
  return Number(seconds.slice(0, point)) * 1000 + Number(seconds.slice(point + 1, point + 10)) / 1e6
}

function secondsOf(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const nanoseconds = Math.round((ms - seconds * 1000) * 1e6)
  return `${seconds}.${String(nanoseconds).padStart(9, '0')}`
}
