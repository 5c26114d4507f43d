import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FileFault, FileProblem } from '../model/file-fault.ts'

const problems: Record<string, FileProblem> = {
  EACCES: 'denied',
  EPERM: 'denied',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EROFS: 'read-only',
  EISDIR: 'folder',
  ENOTDIR: 'below-a-file',
  ENXIO: 'no-file',
  ELOOP: 'endless-link',
  ENAMETOOLONG: 'name-too-long',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
  EIO: 'broken-disk',
}

/** What a folder decides of the files in it. */
const folderMatters = ['link', 'mkdir', 'rename', 'rmdir', 'symlink', 'unlink']

/** The fault in what a function of `node:fs` threw; undefined for anything else, and for a file that is merely not there. */
export function fileFaultOf(error: unknown, root = ''): FileFault | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string }
  const problem = code === 'EEXIST' && syscall === 'mkdir' ? 'below-a-file' : problems[code]
  if (!problem || !syscall) return undefined
  const place = ['denied', 'no-space', 'read-only'].includes(problem) ? (dest ?? path) : path
  if (place === undefined) return { problem }
  const meant = problem === 'denied' ? whoDenies(place, syscall) : place
  return { problem, path: withoutRoot(meant, root) }
}

/** What access has to be given to: the folder of a file that is not there, or that cannot even be looked at. */
function whoDenies(path: string, syscall: string): string {
  let place = folderMatters.includes(syscall) ? dirname(path) : path
  while (!isThere(place) && place !== dirname(place)) place = dirname(place)
  return place
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

function withoutRoot(path: string, root: string): string {
  return root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}
