import type { Stats } from 'node:fs'

/** How a file looks, as a text: size, mtime, ctime and inode. While that stays, so does its content. */
export type Look = string

type Told = Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>

/** Makes `find` print it, with times in seconds. */
export const format = '%s/%T@/%C@/%i'

/** The look of what `lstat` says this of. Its doubles are less exact than `find`, so the text is another, and shorter. */
export function lookOf({ size, mtimeMs, ctimeMs, ino }: Told): Look {
  return `${size}/${secondsOf(mtimeMs)}/${secondsOf(ctimeMs)}/${ino}`
}

/** What `lstat` says of what looks so. */
export function toldBy(look: Look): Told {
  const [size, mtime, ctime, inode] = look.split('/') as [string, string, string, string]
  return { size: Number(size), mtimeMs: msOf(mtime), ctimeMs: msOf(ctime), ino: Number(inode) }
}

export function isLookOf(look: Look, { size, mtimeMs, ctimeMs, ino }: Told): boolean {
  const told = toldBy(look)
  return size === told.size && mtimeMs === told.mtimeMs && ctimeMs === told.ctimeMs && ino === told.ino
}

/** Looks of one length were told by one of them. */
export function isSameLook(some: Look, other: Look): boolean {
  return some.length === other.length ? some === other : isLookOf(some, toldBy(other))
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
