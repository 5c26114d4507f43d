import { lstatSync, renameSync, rmSync, type Stats } from 'node:fs'
import { attempt } from './attempt.ts'
import { type Holder, readClaim, type Unended } from './lock-claim.ts'
import { type Draft, putInPlace, withDraft } from './lock-draft.ts'
import { lastOf, type Predecessor, type Succession } from './lock-succession.ts'

/** A lock in the hands of this process. Nothing here throws: what cannot be written is not held, and fails nothing. */
export class HeldLock {
  readonly holder: Holder
  readonly left?: Predecessor
  readonly givenBackAt?: number
  readonly #path: string
  #unended: Unended
  /** How it lay there when it was last seen to be ours. */
  #seen: Stats | undefined

  constructor(path: string, holder: Holder, { unended, left, givenBackAt }: Succession) {
    this.#path = path
    this.holder = holder
    if (left) this.left = left
    if (givenBackAt !== undefined) this.givenBackAt = givenBackAt
    this.#unended = unended
  }

  /** Those that died before: not known to be ended. */
  get unended(): Unended {
    return this.#unended
  }

  /** Notes that all those have ended. */
  settle(): void {
    this.#unended = []
    attempt(() => this.#isThere() && this.#write((draft) => renameSync(draft.file, this.#path)))
  }

  /** Who has, or had, it since. Where nothing lies any more, it was deleted, and is put back. */
  lostTo(): Holder | undefined {
    const outside = attempt(() => lstatSync(this.#path, { throwIfNoEntry: false }))
    if (outside && this.#seen && isSameFile(outside, this.#seen)) return undefined
    const found = readClaim(this.#path) ?? readClaim(lastOf(this.#path))
    const isOurs = found?.content?.run === this.holder.run
    if (isOurs) this.#seen = outside
    if (found) return isOurs ? undefined : found.content
    const isBack = attempt(() => this.#write((draft) => putInPlace(draft, this.#path)))
    return isBack === false ? this.lostTo() : undefined
  }

  /** Gives it back, and leaves nothing. */
  release(): void {
    attempt(() => this.#isThere() && rmSync(this.#path))
  }

  /** Gives it back, and leaves word of it: by that, one that was deleted is told from one that was given back. */
  end(): void {
    attempt(() => this.#isThere() && renameSync(this.#path, lastOf(this.#path)))
  }

  #isThere(): boolean {
    return readClaim(this.#path)?.content?.run === this.holder.run
  }

  #write<T>(use: (draft: Draft) => T): T {
    return withDraft(this.#path, this.holder, (draft) => {
      draft.write(this.#unended)
      return use(draft)
    })
  }
}

/** Whether the same file lies there, and nobody has written to it. */
function isSameFile(now: Stats, seen: Stats): boolean {
  return (
    now.ino === seen.ino &&
    now.size === seen.size &&
    now.mtimeMs === seen.mtimeMs &&
    now.ctimeMs === seen.ctimeMs
  )
}
