import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Digest } from '../model/digest.ts'
import type { FileState } from '../model/file-state.ts'
import { bigFile, hashBigFile, hashSmallFile } from './hash-file.ts'

/** Size, mtime, ctime and inode: while these stay, so does the content — unless the file is racy, see `isSettled`. */
type Signature = [size: number, mtimeMs: number, ctimeMs: number, inode: number]

type Entry = [...Signature, Digest]

/** What is remembered from one run to the next, as one document. */
export interface DigestMemory {
  schema: 1
  files: Record<string, Entry>
}

/** Digests of files, remembered between runs by what `lstat` says. */
export class FileDigests {
  readonly #root: string
  readonly #remembered: () => DigestMemory | undefined
  readonly #now: () => number
  #entries: Map<string, Entry> | undefined
  /** Digests of this run, racy ones included: a file is read at most once while its signature stays. */
  readonly #seen = new Map<string, Entry>()
  #changed = false

  /** `remembered` is asked once, when the first digest is wanted. */
  constructor(root: string, remembered: () => DigestMemory | undefined, now: () => number = Date.now) {
    this.#root = root
    this.#remembered = remembered
    this.#now = now
  }

  /** Hashes the big files among these in a worker, so that `state` finds them done. */
  async prepare(paths: string[]): Promise<void> {
    for (const path of paths) {
      const stat = this.#stat(path)
      if (stat?.isFile() && stat.size >= bigFile && !this.#known(path, stat)) {
        const before = this.#now()
        const digest = await hashBigFile(this.#absolute(path))
        const after = this.#stat(path)
        if (after && sameSignature(signatureOf(stat), signatureOf(after)))
          this.#remember(path, stat, digest, before)
      }
    }
  }

  /** What the file is now; undefined where none is (a folder is none). Unreadable files throw the system's error. */
  state(path: string): FileState | undefined {
    const stat = this.#stat(path)
    if (!stat) return undefined
    if (stat.isSymbolicLink()) return { link: readlinkSync(this.#absolute(path)) }
    if (!stat.isFile()) return undefined
    const executable = (stat.mode & 0o100) !== 0
    const known = this.#known(path, stat)
    if (known) return { digest: known, size: stat.size, executable }
    const before = this.#now()
    const digest = hashSmallFile(this.#absolute(path))
    this.#remember(path, stat, digest, before)
    return { digest, size: stat.size, executable }
  }

  /** When a file last changed in any way, in ms since the epoch: for one that is gone, just now. */
  touchedAt(path: string): number {
    return this.#stat(path)?.ctimeMs ?? Number.POSITIVE_INFINITY
  }

  /** What to remember, or undefined when nothing was learnt. */
  toSave(): DigestMemory | undefined {
    return this.#changed ? { schema: 1, files: Object.fromEntries(this.#load()) } : undefined
  }

  #known(path: string, stat: Stats): Digest | undefined {
    const signature = signatureOf(stat)
    for (const entry of [this.#seen.get(path), this.#load().get(path)])
      if (entry && sameSignature(signature, entry)) return entry[4]
    return undefined
  }

  #remember(path: string, stat: Stats, digest: Digest, hashedAt: number): void {
    const entry: Entry = [...signatureOf(stat), digest]
    this.#seen.set(path, entry)
    if (isSettled(stat, hashedAt)) this.#load().set(path, entry)
    else this.#load().delete(path)
    this.#changed = true
  }

  #load(): Map<string, Entry> {
    return (this.#entries ??= new Map(Object.entries(this.#remembered()?.files ?? {})))
  }

  #stat(path: string): Stats | undefined {
    return lstatSync(this.#absolute(path), { throwIfNoEntry: false })
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? path : join(this.#root, path)
  }
}

/** A file touched within the clock's tick before it was read could change once more and keep its times. */
function isSettled({ mtimeMs, ctimeMs }: Stats, readAt: number): boolean {
  const coarse = mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0
  return Math.max(mtimeMs, ctimeMs) < readAt - (coarse ? 2000 : 20)
}

function signatureOf({ size, mtimeMs, ctimeMs, ino }: Stats): Signature {
  return [size, mtimeMs, ctimeMs, ino]
}

function sameSignature(a: Signature, b: Signature | Entry): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}
