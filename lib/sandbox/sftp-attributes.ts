import type { Stats } from 'node:fs'
import {
  chmodSync,
  chownSync,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  futimesSync,
  truncateSync,
  utimesSync,
} from 'node:fs'
import type { Attributes, FileEntry } from 'ssh2'

/** What SFTP version 3 tells of a file; times in whole seconds. */
export function attributesOf(stats: Stats): Attributes {
  const { mode, uid, gid, size } = stats
  return {
    mode,
    uid,
    gid,
    size,
    atime: Math.floor(stats.atimeMs / 1000),
    mtime: Math.floor(stats.mtimeMs / 1000),
  }
}

/** Sets what a client asks for; what it leaves out stays. */
export function changeAttributes(target: string | number, wanted: Partial<Attributes>): void {
  const { size, mode, uid, gid, atime, mtime } = wanted
  const change = typeof target === 'number' ? ofHandle(target) : ofPath(target)
  if (size !== undefined) change.size(size)
  if (mode !== undefined) change.mode(mode & 0o7777)
  if (uid !== undefined && gid !== undefined) change.owner(uid, gid)
  if (atime !== undefined && mtime !== undefined) change.times(atime, mtime)
}

/** One line of a folder's listing. Clients read the kind and the rights off the long name, which looks like `ls -l`'s. */
export function entryOf(name: string, stats: Stats): FileEntry {
  const time = stats.mtime.toISOString().slice(0, 16).replace('T', ' ')
  const { nlink, uid, gid, size } = stats
  const longname = `${kindOf(stats)}${rightsOf(stats.mode)} ${nlink} ${uid} ${gid} ${size} ${time} ${name}`
  return { filename: name, longname, attrs: attributesOf(stats) }
}

function ofPath(path: string) {
  return {
    size: (size: number) => truncateSync(path, size),
    mode: (mode: number) => chmodSync(path, mode),
    owner: (uid: number, gid: number) => chownSync(path, uid, gid),
    times: (atime: number, mtime: number) => utimesSync(path, atime, mtime),
  }
}

function ofHandle(fd: number): ReturnType<typeof ofPath> {
  return {
    size: (size) => ftruncateSync(fd, size),
    mode: (mode) => fchmodSync(fd, mode),
    owner: (uid, gid) => fchownSync(fd, uid, gid),
    times: (atime, mtime) => futimesSync(fd, atime, mtime),
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'd'
  if (stats.isSymbolicLink()) return 'l'
  if (stats.isFIFO()) return 'p'
  if (stats.isSocket()) return 's'
  return '-'
}

function rightsOf(mode: number): string {
  return [6, 3, 0]
    .map((shift) => (mode >> shift) & 7)
    .map((bits) => `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`)
    .join('')
}
