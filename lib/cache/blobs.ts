import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { hashFileNow } from '../disk/hash-file.ts'
import { markUsed } from '../disk/mark-used.ts'
import { type Digest, digestOf } from '../model/digest.ts'
import type { CacheLayout } from './layout.ts'
import { type OnFault, readIfThere } from './read.ts'
import { putAtomically } from './write-atomically.ts'

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
      if (!copy(path, part, digest, 0o444)) throw new Error(`${path} changed while it was stored`)
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
    if (copy(this.#path(digest), to, digest, executable ? 0o755 : 0o644)) return true
    rmSync(to, { force: true })
    return false
  }

  /** What is there already becomes young again before it is trusted: no collection takes it before its record is written. */
  #keep(digest: Digest, write: (part: string) => void): void {
    const kept = this.#path(digest)
    if (markUsed(kept) && this.isWhole(digest)) return
    putAtomically(kept, this.#layout.temporary, write)
  }

  #path(digest: Digest): string {
    return join(this.#layout.blobs, digest.slice(0, 2), digest.slice(2))
  }
}

/** Up to this size, a content is in memory sooner than the system could copy it. */
const smallFile = 64 * 1024

/** False where what was copied is not that content. */
function copy(from: string, to: string, digest: Digest, mode: number): boolean {
  const content = statSync(from).size <= smallFile ? readFileSync(from) : undefined
  if (content) writeFileSync(to, content)
  else copyFileSync(from, to, constants.COPYFILE_FICLONE)
  chmodSync(to, mode)
  return (content ? digestOf(content) : hashFileNow(to)) === digest
}
