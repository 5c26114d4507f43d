/** What the operating system would not do with a file of the user's. Sentences for these are in `report/words/`. */
export interface FileFault {
  /** From the workspace's root where it lies there, otherwise absolute; absent where the system does not say. */
  path?: string
  problem: FileProblem
}

export type FileProblem =
  | 'denied'
  | 'no-space'
  | 'read-only'
  | 'folder'
  /** A file is where one of its folders should be. */
  | 'below-a-file'
  /** A pipe, a socket, a device. */
  | 'no-file'
  | 'endless-link'
  | 'name-too-long'
  /** Bytes that are no UTF-8, as which names are read. */
  | 'name-unreadable'
  | 'too-many-open'
  | 'broken-disk'

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

/** The fault in what a function of `node:fs` threw; undefined for anything else, and for a file that is merely not there. */
export function fileFaultOf(error: unknown, root = ''): FileFault | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string }
  const problem = code === 'EEXIST' && syscall === 'mkdir' ? 'below-a-file' : problems[code]
  if (!problem || !syscall) return undefined
  const meant = problem === 'no-space' || problem === 'read-only' ? (dest ?? path) : path
  return { problem, ...(meant !== undefined && { path: withoutRoot(meant, root) }) }
}

/** `EISDIR: illegal operation on a directory, read` → `illegal operation on a directory` */
export function withoutCode(message: string): string {
  return message.replace(/^E[A-Z0-9]+: (.+?), \w+.*$/s, '$1')
}

function withoutRoot(path: string, root: string): string {
  return root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}
