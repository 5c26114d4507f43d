import type { Digest } from '../model/digest.ts'
import { filesIn, inText } from './digest-memory.ts'
import { lookInto } from './digests-as-seen.ts'
import { contentsOf, SeenFolder, type TouchedFolder } from './seen-folder.ts'

/** All that must be known of a folder to read it, in whatever thread. */
export interface FolderToRead extends TouchedFolder {
  /** What is remembered of its files. */
  known: string | undefined
}

export interface FolderRead {
  /** Tells apart what it holds; undefined where that is not known of all files that are remembered. */
  contents: Digest | undefined
  /** What is now to be remembered of its files; undefined where none was read. */
  learnt: string | undefined
}

/** When, in ms since the epoch, what was touched was looked for, and is read. */
export interface ReadingFolders {
  root: string
  began: number
  now: number
}

/** Larger ones are left to whoever needs them. */
const smallFile = 64 * 1024

/** Reads the small files of a folder that look other than they are remembered. */
export function readFolder(
  { path, told, known }: FolderToRead,
  { root, began, now }: ReadingFolders,
): FolderRead {
  const folder = new SeenFolder(path, told)
  const files = filesIn(known)
  const { digests, read } = lookInto(path, folder, files, {
    root,
    began,
    now: () => now,
    mayRead: (bytes) => bytes <= smallFile,
  })
  for (const [name, entry] of read) files.set(name, entry)
  const areKnown = folder.all.every(({ name }, index) => digests[index] || !files.has(name))
  return {
    contents: areKnown ? contentsOf(folder.all, digests) : undefined,
    learnt: read.size > 0 ? inText(files) : undefined,
  }
}
