import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { Digest } from '../model/digest.ts'

/** From this size on, hashing belongs into hasha's worker thread; below, the way there costs more than the work. */
export const bigFile = 4 * 1024 * 1024

const chunk = Buffer.allocUnsafe(256 * 1024)

/** At once and in this thread, piece by piece: Node reads no file of more than 2 GB as a whole. */
export function hashFileNow(path: string, algorithm = 'sha256'): Digest {
  const hash = createHash(algorithm)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hash.update(chunk.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex') as Digest
}

export async function hashBigFile(path: string, signal?: AbortSignal): Promise<Digest> {
  const { hashFile } = await import('hasha')
  return (await hashFile(path, { algorithm: 'sha256', ...(signal && { signal }) })) as Digest
}
