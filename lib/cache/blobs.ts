import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Digest } from '../model/digest.ts'
import type { CacheLayout } from './layout.ts'
import { temporaryPath } from './write-atomically.ts'

/** Contents by their digest: `blobs/ab/cdef…`. */
export class Blobs {
  readonly #layout: CacheLayout

  constructor(layout: CacheLayout) {
    this.#layout = layout
  }

  has(digest: Digest, size: number): boolean {
    return statSync(this.#path(digest), { throwIfNoEntry: false })?.size === size
  }

  /** Keeps a file's content. Throws when it is not, or no longer, what `digest` says. */
  put(path: string, digest: Digest, size: number): void {
    if (this.has(digest, size)) return
    mkdirSync(this.#layout.temporary, { recursive: true })
    const part = temporaryPath(this.#layout.temporary, digest)
    try {
      copyFileSync(path, part, constants.COPYFILE_FICLONE)
      if (hashOf(part) !== digest) throw new Error(`${path} changed while it was stored`)
      const kept = this.#path(digest)
      mkdirSync(dirname(kept), { recursive: true })
      chmodSync(part, 0o444)
      renameSync(part, kept)
    } finally {
      rmSync(part, { force: true })
    }
  }

  /** Copies a content to a place where nothing is yet. False where the blob is absent or damaged: it is then forgotten. */
  take(digest: Digest, to: string, executable: boolean): boolean {
    const kept = this.#path(digest)
    try {
      copyFileSync(kept, to, constants.COPYFILE_FICLONE)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !statSync(kept, { throwIfNoEntry: false }))
        return false
      throw error
    }
    if (hashOf(to) !== digest) {
      rmSync(to, { force: true })
      rmSync(kept, { force: true })
      return false
    }
    chmodSync(to, executable ? 0o755 : 0o644)
    return true
  }

  #path(digest: Digest): string {
    return join(this.#layout.blobs, digest.slice(0, 2), digest.slice(2))
  }
}

function hashOf(path: string): string {
  const hash = createHash('sha256')
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
