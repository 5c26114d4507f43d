import type { FileMark } from '../model/action.ts'
import { type Digest, digestOf } from '../model/digest.ts'

/** An instance when it was found up to date. */
export interface Seen {
  /** Tells its input files and all else that decides its key apart from others, see `contentsOf`. */
  contents: Digest
  /** Of what the instance made, which stood. */
  made: Digest
  key: Digest
  /** The same from outside, where a survey saw all of it. */
  outside?: string | undefined
}

/** What is remembered from one run to the next, as one document. */
export interface GlanceMemory {
  schema: 1
  seen: Record<string, Remembered>
}

/** `markedAt`: when the record was last known to be marked as used, in ms since the epoch. */
type Remembered = [contents: Digest, made: Digest, key: Digest, outside: string | undefined, markedAt: number]

/** Glances at which instances were found up to date: at the same glance, they still are. */
export class Glances {
  readonly #remembered: () => GlanceMemory | undefined
  readonly #discard: () => void
  #seen: Map<string, Remembered> | undefined
  #discarded = false
  #changed = false

  /** `remembered` is asked once, when the first glance is compared; `discard` makes that nothing, should this run be killed. */
  constructor(remembered: () => GlanceMemory | undefined, discard: () => void) {
    this.#remembered = remembered
    this.#discard = discard
  }

  /** Once an hour: to see at a glance that a record stands marks it as used no more often. */
  isTimeToMark(instance: string): boolean {
    const seen = this.#load().get(instance)
    if (!seen || Math.abs(Date.now() - seen[4]) <= hour) return false
    seen[4] = Date.now()
    this.#changed = true
    return true
  }

  /** The last of them of an instance. */
  of(instance: string): Seen | undefined {
    const seen = this.#load().get(instance)
    if (!seen) return undefined
    const [contents, made, key, outside] = seen
    return { contents, made, key, outside }
  }

  /** Remembers that this was up to date. */
  keep(instance: string, { contents, made, key, outside }: Seen): void {
    const [, , before, , markedAt] = this.#load().get(instance) ?? []
    const marked = before === key && markedAt !== undefined ? markedAt : Date.now()
    this.#load().set(instance, [contents, made, key, outside, marked])
    this.#changed = true
  }

  /** Before another result of the instance than what was seen, or none, counts as standing. */
  withdraw(instance: string): void {
    if (!this.#load().delete(instance)) return
    if (!this.#discarded) this.#discard()
    this.#discarded = true
    this.#changed = true
  }

  /** What to remember, or undefined when nothing was learnt. */
  toSave(): GlanceMemory | undefined {
    if (!this.#changed) return undefined
    return { schema: 1, seen: Object.fromEntries(this.#load()) }
  }

  #load() {
    return (this.#seen ??= new Map(Object.entries(this.#remembered()?.seen ?? {})))
  }
}

/** Tells apart what decides keys, but for what is read on hosts. `others`: all but input files. */
export function contentsOf(files: Record<string, FileMark>, others: string): Digest {
  return digestOf(`${Object.entries(files).flat().join('\0')}\0\0${others}`)
}

const hour = 3_600_000
