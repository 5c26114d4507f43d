import { readlinkSync, type Stats } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { bigFile, hashBigFile, hashFileNow } from '../disk/hash-file.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import type { Digest } from '../model/digest.ts'
import { Failed } from '../model/failure.ts'
import type { FileState, FileStates } from '../model/file-state.ts'
import { type DigestMemory, type Entry, RememberedDigests } from './digest-memory.ts'
import { type Signature, type Signatures, settlesAt, signatureOf, signaturesOf } from './signatures.ts'

/** Digests of files, remembered between runs by what `lstat` says. */
export class FileDigests {
  readonly #root: string
  readonly #remembered: RememberedDigests
  readonly #now: () => number

  /** `remembered` is asked once, when the first digest is wanted. */
  constructor(root: string, remembered: () => DigestMemory | undefined, now: () => number = Date.now) {
    this.#root = root
    this.#remembered = new RememberedDigests(remembered)
    this.#now = now
  }

  /** What these files are now, those left out where none is. Big ones are hashed in a worker. */
  async states(paths: Iterable<string>): Promise<FileStates> {
    const states: [string, FileState][] = []
    for (const path of paths) {
      const stat = this.#stat(path)
      if (stat && this.#isBigAndNew(path, stat)) await this.#hashInWorker(path, stat)
      const state = this.#stateOf(path, stat)
      if (state) states.push([path, state])
    }
    return Object.fromEntries(states)
  }

  /** Hashes the big files among these in a worker, so that `state` finds them done. */
  async prepare(paths: string[]): Promise<void> {
    for (const path of paths) {
      const stat = this.#stat(path)
      if (stat && this.#isBigAndNew(path, stat)) await this.#hashInWorker(path, stat)
    }
  }

  /** What the file is now; undefined where none is (a folder is none). Unreadable files throw the system's error, and
   *  what is neither file, link nor folder is a fault: a pipe would be waited for without end. */
  state(path: string): FileState | undefined {
    return this.#stateOf(path, this.#stat(path))
  }

  #stateOf(path: string, stat: Stats | undefined): FileState | undefined {
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

  /** What the outside of these files tells. */
  signatures(paths: string[]): Signatures {
    return signaturesOf(paths, (path) => this.#stat(path), this.#now)
  }

  /** When a file last changed in any way, in ms since the epoch: for one that is gone, just now. */
  touchedAt(path: string): number {
    return this.#stat(path)?.ctimeMs ?? Number.POSITIVE_INFINITY
  }

  /** What to remember, or undefined when nothing was learnt. */
  toSave(): DigestMemory | undefined {
    return this.#remembered.toSave()
  }

  #isBigAndNew(path: string, stat: Stats): boolean {
    return stat.size >= bigFile && stat.isFile() && !this.#known(path, stat)
  }

  #known(path: string, stat: Stats): Digest | undefined {
    const entry = this.#remembered.get(path)
    return entry && isSameFile(stat, entry) ? entry[4] : undefined
  }

  #hash(path: string, stat: Stats): Digest {
    const before = this.#now()
    const digest = hashFileNow(this.#absolute(path))
    this.#remember(path, stat, digest, before)
    return digest
  }

  /** A file that was just touched settles first: otherwise it would have to be read once more. What cannot be read, whoever
   *  asks for its state is told. */
  async #hashInWorker(path: string, stat: Stats): Promise<void> {
    await pause(Math.max(0, settlesAt(stat) - this.#now()))
    const before = this.#now()
    const digest = await hashBigFile(this.#absolute(path)).catch(() => undefined)
    const after = this.#stat(path)
    if (digest && after && isSameFile(stat, signatureOf(after))) this.#remember(path, stat, digest, before)
  }

  #remember(path: string, stat: Stats, digest: Digest, hashedAt: number): void {
    const entry: Entry = [...signatureOf(stat), digest]
    this.#remembered.set(path, hashedAt > settlesAt(stat) ? entry : undefined)
  }

  #stat(path: string): Stats | undefined {
    return statIfThere(this.#absolute(path))
  }

  #absolute(path: string): string {
    return path.startsWith('/') ? path : `${this.#root}/${path}`
  }
}

/** It was removed, or replaced by something else, after it was looked at. */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function isSameFile({ size, mtimeMs, ctimeMs, ino }: Stats, signature: Signature | Entry): boolean {
  return size === signature[0] && mtimeMs === signature[1] && ctimeMs === signature[2] && ino === signature[3]
}
