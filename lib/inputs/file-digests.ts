import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { type Digest, isDigest } from '../model/digest.ts'
import type { FileState } from '../model/file-state.ts'
import { bigFile, hashBigFile, hashSmallFile } from './hash-file.ts'

/** Size, mtime, ctime and inode: while these stay, so does the content — unless the file is racy, see `isSettled`. */
type Signature = [size: number, mtimeMs: number, ctimeMs: number, inode: number]

type Entry = [...Signature, Digest]

/** Digests of files, remembered between runs by what `lstat` says. Kept in one file, read once, replaced as a whole. */
export class FileDigests {
  readonly #root: string
  readonly #file: string | undefined
  readonly #now: () => number
  #entries: Map<string, Entry> | undefined
  /** Digests of this run, racy ones included: a file is read at most once while its signature stays. */
  readonly #seen = new Map<string, Entry>()
  #changed = false

  /** Without `file` nothing is remembered of earlier runs: every file is read. */
  constructor(root: string, file: string | undefined, now: () => number = Date.now) {
    this.#root = root
    this.#file = file
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

  /** Says what a file's content is, for one who has just read it whole, between two equal signatures. */
  learn(path: string, stat: Stats, digest: Digest): void {
    this.#remember(path, stat, digest, this.#now())
  }

  /** The file's content as JSON to keep, or undefined when nothing was learnt since it was read. */
  toSave(): string | undefined {
    if (!this.#changed) return undefined
    return JSON.stringify({ schema: 1, files: Object.fromEntries(this.#load()) })
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
    return (this.#entries ??= new Map(
      this.#file === undefined ? [] : Object.entries(readEntries(this.#file)),
    ))
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

/** A memory that cannot be read is an empty one: every file is hashed again. */
function readEntries(file: string): Record<string, Entry> {
  try {
    const { schema, files } = JSON.parse(readFileSync(file, 'utf8'))
    if (schema !== 1) return {}
    return Object.fromEntries(
      Object.entries(files as Record<string, Entry>).filter(([, entry]) => isDigest(entry?.[4])),
    )
  } catch {
    return {}
  }
}
