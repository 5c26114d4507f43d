import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Download } from '../model/task.ts'

/** Of a file's content, both read at once. */
export async function digestsOf(path: string): Promise<{ sha256: string; sha1: string }> {
  const sha256 = createHash('sha256')
  const sha1 = createHash('sha1')
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk)
    sha1.update(chunk)
  }
  return { sha256: sha256.digest('hex'), sha1: sha1.digest('hex') }
}

/** Whether a file is there, and is what was promised. */
export async function isRight(path: string, { sha256, sha1 }: Download): Promise<boolean> {
  const hash = createHash(sha256 ? 'sha256' : 'sha1')
  try {
    await pipeline(createReadStream(path), hash)
  } catch {
    return false
  }
  return hash.digest('hex') === (sha256 ?? sha1)?.toLowerCase()
}
