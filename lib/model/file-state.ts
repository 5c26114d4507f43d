import type { Digest } from './digest.ts'

/** What a file is, as far as a key or a record is concerned: its content and exec bit, or a link's target. `isPrivate`:
 *  nobody but its owner could read it; so it is kept and put back, but it makes no other file. */
export type FileState =
  | { digest: Digest; size: number; executable: boolean; isPrivate?: true }
  | { link: string }

/** Files by their path: from the workspace's root for local ones, absolute (less the host's root) on hosts. */
export type FileStates = Record<string, FileState>

/** In a word what lies there: a digest, or where a link leads; undefined where nothing does. */
export function contentIn(state: FileState | undefined): string | undefined {
  if (!state) return undefined
  return 'link' in state ? `-> ${state.link}` : state.digest
}

export function sameFile(a: FileState | undefined, b: FileState | undefined): boolean {
  if (!a || !b) return a === b
  if ('link' in a || 'link' in b) return 'link' in a && 'link' in b && a.link === b.link
  return a.digest === b.digest && a.executable === b.executable
}
