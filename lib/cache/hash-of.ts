import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

/** The digest of a file of any size, in lower-case hex. */
export function hashOf(path: string, algorithm = 'sha256'): string {
  const hash = createHash(algorithm)
  const chunk = Buffer.allocUnsafe(256 * 1024)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hash.update(chunk.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
