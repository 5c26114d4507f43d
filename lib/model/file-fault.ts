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

/** `EISDIR: illegal operation on a directory, read` → `illegal operation on a directory` */
export function withoutCode(message: string): string {
  return message.replace(/^E[A-Z0-9]+: (.+?), \w+.*$/s, '$1')
}
