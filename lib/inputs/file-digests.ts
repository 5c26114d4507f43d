import { constants, readlinkSync, type Stats } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { giveWay } from '../disk/give-way.ts'
import { hashBigFile } from '../disk/hash-big-file.ts'
import { bigFile, hashFileNow } from '../disk/hash-file.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import type { Digest } from '../model/digest.ts'
import { Failed } from '../model/failure.ts'
import type { FileState, FileStates } from '../model/file-state.ts'
import { RememberedDigests } from './digest-memory.ts'
import { costOfFile, digestsAsSeen } from './digests-as-seen.ts'
import { isToldAlike, lookOf, toldBy } from './looks.ts'
import type { FolderRead, FolderToRead } from './read-folder.ts'
import { readTouched } from './read-touched.ts'
import type { DigestsOf, TouchedFolder } from './seen-folder.ts'
import {
  isFolder,
  longestToSettleMs,
  type Outside,
  outsideAt,
  type Signatures,
  settlesAt,
  signaturesOf,
} from './signatures.ts'

/** Digests of files, remembered between runs by what `lstat` says. */
export class FileDigests {
  readonly #root: string
  readonly #remembered: RememberedDigests
  readonly #now: () => number
  readonly #signal: AbortSignal | undefined
  /** By path: several ask for the same file at a time, and it is read for the first of them. */
  readonly #hashing = new Map<string, Promise<void>>()

  /** `remembered`: what an earlier one has learnt of a folder. What is awaited throws what `signal` was aborted for. */
  constructor(
    root: string,
    remembered: (folder: string) => string | undefined,
    { now = Date.now, signal }: { now?: () => number; signal?: AbortSignal } = {},
  ) {
    this.#root = root
    this.#remembered = new RememberedDigests(remembered)
    this.#now = now
    this.#signal = signal
  }

  /** What files are that have just been looked at, those left out where none is. Big ones are hashed in a worker. */
  async states(files: Signatures): Promise<FileStates> {
    await giveWay(this.#signal)
    return this.statesNow(files) ?? this.#statesInPieces(files)
  }

  async #statesInPieces(files: Signatures): Promise<FileStates> {
    const states: [string, FileState][] = []
    for (const [index, path] of files.paths.entries()) {
      await giveWay(this.#signal)
      const outside = outsideAt(files, index)
      if (outside && this.#isBigAndNew(path, outside)) await this.#hashInWorker(path, outside)
      const state = this.#stateOf(path, outside)
      if (state) states.push([path, state])
    }
    return Object.fromEntries(states)
  }

  /** The same at once; undefined where much would have to be read. */
  statesNow(files: Signatures): FileStates | undefined {
    const states: [string, FileState][] = []
    let toRead = 0
    for (const [index, path] of files.paths.entries()) {
      const outside = outsideAt(files, index)
      const known = outside && this.#known(path, outside)
      if (outside && !known) toRead += outside.size + costOfFile
      if (toRead > bigFile) return undefined
      const state = this.#stateOf(path, outside, known)
      if (state) states.push([path, state])
    }
    return Object.fromEntries(states)
  }

  /** Reads what a survey that began at that time finds touched, where that is very much. `tell`: told what a folder holds. */
  readTouched(
    touched: AsyncIterable<TouchedFolder[]>,
    began: number,
    tell: (path: string, contents: Digest) => void,
  ): Promise<void> {
    const keep = ({ path, known }: FolderToRead, { contents, learnt }: FolderRead) => {
      if (this.#remembered.textIn(path) !== known) return // somebody else has read of it meanwhile
      if (learnt !== undefined) this.#remembered.setText(path, learnt)
      if (contents !== undefined) tell(path, contents)
    }
    const reading = { root: this.#root, began, now: this.#now() }
    return readTouched(touched, this.#remembered, reading, keep, this.#signal)
  }

  /** What files hold that a survey saw which began at that time. */
  asSeen(began: number): DigestsOf {
    return digestsAsSeen(this.#remembered, { root: this.#root, began, now: this.#now })
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

  #stateOf(path: string, outside: Outside | undefined, known?: Digest): FileState | undefined {
    const type = outside && outside.mode & constants.S_IFMT
    if (!outside || type === constants.S_IFDIR) return undefined
    if (type !== constants.S_IFREG && type !== constants.S_IFLNK)
      throw new Failed({ kind: 'file-fault', path, problem: 'no-file' })
    try {
      if (type === constants.S_IFLNK) return { link: readlinkSync(this.#absolute(path)) }
      const digest = known ?? this.#known(path, outside) ?? this.#hash(path, outside)
      const { size, mode } = outside
      const isPrivate = (mode & 0o077) === 0
      return { digest, size, executable: (mode & 0o100) !== 0, ...(isPrivate && { isPrivate }) }
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }

  /** What the outside of these files tells. A name that could not be read stands for a file that nobody can look at: a fault. */
  signatures(paths: string[]): Signatures {
    return signaturesOf(
      paths,
      (path) => {
        const outside = this.#stat(path)
        if (!outside && path.includes(unreadable))
          throw new Failed({ kind: 'file-fault', path, problem: 'name-unreadable' })
        return outside
      },
      this.#now,
    )
  }

  /** Whether a file may have changed in any way after `time`, in ms since the epoch. Of a folder nobody can tell.
   *  `tick`: how far its own time may be behind. */
  isTouchedSince(path: string, time: number, tick: (outside: Outside) => number = () => 0): boolean {
    const outside = this.#stat(path)
    if (!outside || isFolder(outside)) return true
    // The clock was set back since: only what an earlier run has seen tells.
    if (outside.ctimeMs > this.#now()) return !this.#isAsBefore(path, outside)
    return outside.ctimeMs + tick(outside) > time
  }

  #isAsBefore(path: string, outside: Outside): boolean {
    const before = this.#remembered.before(path)
    return before !== undefined && isToldAlike(toldBy(before[0]), outside)
  }

  /** By folder of which something was learnt, what is to be remembered. */
  learnt(): ReadonlyMap<string, string> {
    return this.#remembered.learnt()
  }

  #isBigAndNew(path: string, outside: Outside): boolean {
    return (
      outside.size >= bigFile &&
      (outside.mode & constants.S_IFMT) === constants.S_IFREG &&
      !this.#known(path, outside)
    )
  }

  #known(path: string, outside: Outside): Digest | undefined {
    const entry = this.#remembered.get(path)
    return entry && isToldAlike(toldBy(entry[0]), outside) ? entry[1] : undefined
  }

  #hash(path: string, outside: Outside): Digest {
    const before = this.#now()
    const digest = hashFileNow(this.#absolute(path))
    this.#remember(path, outside, digest, before)
    return digest
  }

  #hashInWorker(path: string, outside: Outside): Promise<void> {
    const before = this.#hashing.get(path) ?? Promise.resolve()
    const hashing = before.then(() => (this.#known(path, outside) ? undefined : this.#read(path, outside)))
    this.#hashing.set(path, hashing)
    return hashing
  }

  /** A file that was just touched settles first: otherwise it would have to be read once more. What cannot be read, whoever
   *  asks for its state is told. */
  async #read(path: string, outside: Outside): Promise<void> {
    const settles = settlesAt(outside) - this.#now()
    // A time that is yet to come, as of another machine's clock, is not waited for.
    if (settles > 0 && settles <= longestToSettleMs) await pause(settles, undefined, { signal: this.#signal })
    const before = this.#now()
    const digest = await hashBigFile(this.#absolute(path), this.#signal).catch(() => undefined)
    this.#signal?.throwIfAborted()
    const after = this.#stat(path)
    if (!digest || !after) return
    if (lookOf(after) === lookOf(outside)) this.#remember(path, outside, digest, before)
  }

  #remember(path: string, outside: Outside, digest: Digest, hashedAt: number): void {
    if (hashedAt > settlesAt(outside)) this.#remembered.set(path, [lookOf(outside), digest])
    // What is known already is of another look; what is not known here may be remembered of this very one.
    else if (!this.#remembered.get(path)) this.#remembered.forget(path)
  }

  #stat(path: string): Stats | undefined {
    return statIfThere(this.#absolute(path))
  }

  #absolute(path: string): string {
    return path.startsWith('/') ? path : `${this.#root}/${path}`
  }
}

/** What Node gives for bytes of a name that are no UTF-8. */
const unreadable = '\uFFFD'

/** It was removed, or replaced by something else, after it was looked at. */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')
}
