import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile } from '../disk/copy-file.ts'
import { markUsed } from '../disk/mark-used.ts'
import { type Digest, digestOf } from '../model/digest.ts'
import type { FileState } from '../model/file-state.ts'
import type { CacheLayout } from './layout.ts'
import { hashIfThere, type OnFault, readBytes, readIfThere } from './read.ts'
import { putAtomically } from './write-atomically.ts'

type KeptFile = Exclude<FileState, { link: string }>

/** Contents by their digest: `blobs/ab/cdef…`. What takes its time throws what it was aborted for. */
export class Blobs {
  readonly #layout: CacheLayout
  readonly #onFault: OnFault
  readonly #signal: AbortSignal | undefined

  constructor(layout: CacheLayout, onFault: OnFault, signal?: AbortSignal) {
    this.#layout = layout
    this.#onFault = onFault
    this.#signal = signal
  }

  has(digest: Digest): boolean {
    return existsSync(this.#path(digest))
  }

  /** False where the content is absent, damaged or unreadable: that is told. */
  async isWhole(digest: Digest): Promise<boolean> {
    const path = this.#path(digest)
    const found = await hashIfThere(path, this.#onFault, this.#signal)
    return found !== undefined && this.#isSaid(digest, found)
  }

  /** Keeps a file's content. Throws when it is not, or no longer, what `digest` says. */
  put(path: string, { digest, isPrivate }: KeptFile): Promise<void> {
    return this.#keep(digest, async (part) => {
      if ((await copyFile(path, part, this.#signal)) !== digest)
        throw new Error(`${path} changed while it was stored`)
      chmodSync(part, isPrivate ? 0o400 : 0o444)
    })
  }

  /** Keeps something that only this user may read. */
  async putPrivate(content: Buffer): Promise<Digest> {
    const digest = digestOf(content)
    await this.#keep(digest, async (part) => writeFileSync(part, content, { mode: 0o400 }))
    return digest
  }

  /** A content that is absent, damaged or unreadable is undefined. */
  read(digest: Digest): Buffer | undefined {
    const content = readIfThere(this.#path(digest), readBytes, this.#onFault)
    return content && this.#isSaid(digest, digestOf(content)) ? content : undefined
  }

  /** Copies a content to a place where nothing is yet. False where the blob is absent or damaged. */
  async take({ digest, executable, isPrivate }: KeptFile, to: string): Promise<boolean> {
    if (!this.has(digest)) return false
    if ((await copyFile(this.#path(digest), to, this.#signal)) === digest) {
      chmodSync(to, (executable ? 0o755 : 0o644) & (isPrivate ? 0o700 : 0o777))
      return true
    }
    rmSync(to, { force: true })
    return false
  }

  /** What is there already becomes young again before it is trusted: no collection takes it before its record is written. */
  async #keep(digest: Digest, write: (part: string) => Promise<void>): Promise<void> {
    const kept = this.#path(digest)
    if (markUsed(kept) && (await this.isWhole(digest))) return
    await putAtomically(kept, this.#layout.temporary, write)
  }

  #isSaid(digest: Digest, found: Digest): boolean {
    if (found !== digest)
      this.#onFault(this.#path(digest), 'its content is not what its name says', 'damaged')
    return found === digest
  }

  #path(digest: Digest): string {
    return `${this.#layout.blobs}/${digest.slice(0, 2)}/${digest.slice(2)}`
  }
}
