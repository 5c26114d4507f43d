import { createHash, hash } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import type { Digest } from '../model/digest.ts'

/** From this size on, hashing belongs into hasha's worker thread; below, the way there costs more than the work. */
export const bigFile = 4 * 1024 * 1024

const chunk = Buffer.allocUnsafe(256 * 1024)

/** At once and in this thread, piece by piece: Node reads no file of more than 2 GB as a whole. */
export function hashFileNow(path: string, algorithm = 'sha256'): Digest {
  const file = openToRead(path)
  try {
    let read = readSync(file, chunk)
    // Most files end in the first piece, and are hashed in one step.
    if (read < chunk.length) return hash(algorithm, chunk.subarray(0, read)) as Digest
    const all = createHash(algorithm)
    for (; read > 0; read = readSync(file, chunk)) all.update(chunk.subarray(0, read))
    return all.digest('hex') as Digest
  } finally {
    closeSync(file)
  }
}

/** Without the time of access, where the system allows that: to write it down takes ten times as long as to read. */
function openToRead(path: string): number {
  const { O_RDONLY, O_NONBLOCK, O_NOATIME = 0 } = constants
  // What a pipe in the place of a file may bring is not waited for.
  const flags = O_RDONLY | O_NONBLOCK
  try {
    return openSync(path, flags | O_NOATIME)
  } catch (error) {
    // Of another user's file it must be written down.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
    return openSync(path, flags)
  }
}
