import { statSync } from 'node:fs'
import type { Digest } from '../model/digest.ts'
import { bigFile, hashFileNow } from './hash-file.ts'

/** Throws what it was aborted for. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<Digest> {
  return statSync(path).size < bigFile ? hashFileNow(path) : hashBigFile(path, signal)
}

/** In a worker. Throws what it was aborted for. */
export async function hashBigFile(path: string, signal?: AbortSignal): Promise<Digest> {
  const { hashFile } = await import('hasha')
  return (await hashFile(path, { algorithm: 'sha256', ...(signal && { signal }) })) as Digest
}
