import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Digest } from '../model/digest.ts'

/** From this size on, hashing belongs into hasha's worker thread; below, the way there costs more than the work. */
export const bigFile = 4 * 1024 * 1024

export function hashSmallFile(path: string): Digest {
  return createHash('sha256').update(readFileSync(path)).digest('hex') as Digest
}

export async function hashBigFile(path: string, signal?: AbortSignal): Promise<Digest> {
  const { hashFile } = await import('hasha')
  return (await hashFile(path, { algorithm: 'sha256', ...(signal && { signal }) })) as Digest
}
