import { readlinkSync, type Stats } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { bigFile, hashBigFile, hashFileNow } from '../disk/hash-file.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import type { Digest } from '../model/digest.ts'
import { Failed } from '../model/failure.ts'
import type { FileState } from '../model/file-state.ts'

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
  #changed = false

  /** `remembered` is asked once, when the first digest is wanted. */
  constructor(root: string, remembered: () => DigestMemory | undefined, now: () => number = Date.now) {
    this.#root = root
    this.#remembered = remembered
    this.#now = now
  }

  /** Hashes the big files among these in a worker, so that `state` finds them done. What cannot be read, it will tell. */
  async prepare(paths: string[]): Promise<void> {
    for (const path of paths) {
      const stat = this.#stat(path)
      if (stat?.isFile() && stat.size >= bigFile && !this.#known(path, stat))
        await this.#hashInWorker(path, stat).catch(() => {})
    }
  }

  /** What the file is now; undefined where none is (a folder is none). Unreadable files throw the system's error, and
   *  what is neither file, link nor folder is a fault: a pipe would be waited for without end. */
  state(path: string): FileState | undefined {
    const stat = this.#stat(path)
    if (!stat || stat.isDirectory()) return undefined
    if (!stat.isFile() && !stat.isSymbolicLink())
      throw new Failed({ kind: 'file-fault', path, problem: 'no-file' })
    try {
      if (stat.isSymbolicLink()) return { link: readlinkSync(this.#absolute(path)) }
      const digest = this.#known(path, stat) ?? this.#hash(path, stat)
      return { digest, size: stat.size, executable: (stat.mode & 0o100) !== 0 }
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }

  /** While this stays, nobody has touched what lies there: file, link or nothing. */
  signature(path: string): string {
    const stat = this.#stat(path)
    return stat ? signatureOf(stat).join() : ''
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
    const entry = this.#load().get(path)
    return entry && sameSignature(signatureOf(stat), entry) ? entry[4] : undefined
  }

  #hash(path: string, stat: Stats): Digest {
    const before = this.#now()
    const digest = hashFileNow(this.#absolute(path))
    this.#remember(path, stat, digest, before)
    return digest
  }

  /** A file that was just touched settles first: otherwise it would have to be read once more. */
  async #hashInWorker(path: string, stat: Stats): Promise<void> {
    await pause(Math.max(0, settlesAt(stat) - this.#now()))
    const before = this.#now()
    const digest = await hashBigFile(this.#absolute(path))
    const after = this.#stat(path)
    if (after && sameSignature(signatureOf(stat), signatureOf(after)))
      this.#remember(path, stat, digest, before)
  }

  #remember(path: string, stat: Stats, digest: Digest, hashedAt: number): void {
    if (hashedAt > settlesAt(stat)) this.#load().set(path, [...signatureOf(stat), digest])
    else this.#load().delete(path)
    this.#changed = true
  }

  #load(): Map<string, Entry> {
    return (this.#entries ??= new Map(Object.entries(this.#remembered()?.files ?? {})))
  }

  #stat(path: string): Stats | undefined {
    return statIfThere(this.#absolute(path))
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? path : join(this.#root, path)
  }
}

/** Until then the file could change once more, within the clock's tick, and keep its times: what was read is not trusted. */
function settlesAt({ mtimeMs, ctimeMs }: Stats): number {
  const coarse = mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0
  return Math.max(mtimeMs, ctimeMs) + (coarse ? 2000 : 20)
}

/** It was removed, or replaced by something else, after it was looked at. */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function signatureOf({ size, mtimeMs, ctimeMs, ino }: Stats): Signature {
  return [size, mtimeMs, ctimeMs, ino]
}

function sameSignature(a: Signature, b: Signature | Entry): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}
