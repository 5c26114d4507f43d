import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { hashFile } from '../disk/hash-big-file.ts'
import type { Digest } from '../model/digest.ts'

/** `damaged`: what was read is wrong; it is of no use to anybody. `unreadable`: nobody knows. `other-version`: it may still
 *  serve whoever wrote it. */
export type FaultKind = 'damaged' | 'unreadable' | 'other-version'

/** Told when a file of the cache cannot be used: it counts as absent. `path` is absolute. */
export type OnFault = (path: string, problem: string, kind: FaultKind) => void

/** What `read` makes of a file. Undefined where none is, and where it cannot be read, which is told. */
export function readIfThere<T>(path: string, read: (path: string) => T, onFault: OnFault): T | undefined {
  try {
    return read(path)
  } catch (error) {
    tellUnlessAbsent(path, error, onFault)
    return undefined
  }
}

/** The same for a digest of what may be a big file. Throws what it was aborted for. */
export async function hashIfThere(
  path: string,
  onFault: OnFault,
  signal?: AbortSignal,
): Promise<Digest | undefined> {
  try {
    return await hashFile(path, signal)
  } catch (error) {
    signal?.throwIfAborted()
    tellUnlessAbsent(path, error, onFault)
    return undefined
  }
}

/** Without waiting for what a pipe in the place of a file may bring: there, it is an empty one. */
export function readBytes(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

export function readText(path: string): string {
  return readBytes(path).toString()
}

function tellUnlessAbsent(path: string, error: unknown, onFault: OnFault): void {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ENOENT') onFault(path, message, code === 'EISDIR' ? 'damaged' : 'unreadable')
}
