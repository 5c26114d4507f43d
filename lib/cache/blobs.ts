import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { hashFileNow } from '../disk/hash-file.ts'
import { markUsed } from '../disk/mark-used.ts'
import { type Digest, digestOf } from '../model/digest.ts'
import type { CacheLayout } from './layout.ts'
import { type OnFault, readIfThere } from './read.ts'
import { moveInto, temporaryPath } from './write-atomically.ts'

/** Contents by their digest: `blobs/ab/cdef…`. */
export class Blobs {
  readonly #layout: CacheLayout
  readonly #onFault: OnFault

  constructor(layout: CacheLayout, onFault: OnFault) {
    this.#layout = layout
    this.#onFault = onFault
  }

  has(digest: Digest): boolean {
    return existsSync(this.#path(digest))
  }

  /** False where the content is absent, damaged or unreadable: that is told. */
  isWhole(digest: Digest): boolean {
    const path = this.#path(digest)
    const found = readIfThere(path, hashFileNow, this.#onFault)
    if (found && found !== digest) this.#onFault(path, 'its content is not what its name says', 'damaged')
    return found === digest
  }

  /** Keeps a file's content. Throws when it is not, or no longer, what `digest` says. */
  put(path: string, digest: Digest): void {
    this.#keep(digest, (part) => {
      copyFileSync(path, part, constants.COPYFILE_FICLONE)
      if (hashFileNow(part) !== digest) throw new Error(`${path} changed while it was stored`)
      chmodSync(part, 0o444)
    })
  }

  /** Keeps something that only this user may read. */
  putPrivate(content: Buffer): Digest {
    const digest = digestOf(content)
    this.#keep(digest, (part) => writeFileSync(part, content, { mode: 0o400 }))
    return digest
  }

  /** A content that is absent, damaged or unreadable is undefined. */
  read(digest: Digest): Buffer | undefined {
    if (!this.isWhole(digest)) return undefined
    return readIfThere(this.#path(digest), (path) => readFileSync(path), this.#onFault)
  }

  /** Copies a content to a place where nothing is yet. False where the blob is absent or damaged. */
  take(digest: Digest, to: string, executable: boolean): boolean {
    if (!this.has(digest)) return false
    copyFileSync(this.#path(digest), to, constants.COPYFILE_FICLONE)
    chmodSync(to, executable ? 0o755 : 0o644)
    if (hashFileNow(to) === digest) return true
    rmSync(to)
    return false
  }

  /** What is there already becomes young again before it is trusted: no collection takes it before its record is written. */
  #keep(digest: Digest, write: (part: string) => void): void {
    const kept = this.#path(digest)
    if (markUsed(kept) && this.isWhole(digest)) return
    mkdirSync(this.#layout.temporary, { recursive: true })
    const part = temporaryPath(this.#layout.temporary, digest)
    try {
      write(part)
      moveInto(kept, part)
    } finally {
      rmSync(part, { force: true })
    }
  }

  #path(digest: Digest): string {
    return join(this.#layout.blobs, digest.slice(0, 2), digest.slice(2))
  }
}
