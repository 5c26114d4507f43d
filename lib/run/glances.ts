import type { FileMark } from '../model/action.ts'
import { type Digest, digestOf } from '../model/digest.ts'

/** A look at an instance from outside: no file is read for it. */
export interface Glance {
  /** Differs from that of any moment at which the instance would have another key. */
  deciding: Print
  /** All but input files that decides the key. */
  others: string
  /** Differs from that of any moment at which other outputs stood. */
  standing: Print
}

export interface Print {
  text: string
  /** False where a file was touched so lately that it could change unseen: nothing can rest on this later. */
  settled: boolean
}

/** What stood at a glance. */
export interface Seen {
  /** The glance itself. */
  deciding: string
  standing: string
  /** As `deciding`, but of what the input files held, see `contentsOf`. */
  contents: Digest
  /** Digest of what the instance made. */
  made: Digest
  key: Digest
}

/** What is remembered from one run to the next, as one document. */
export interface GlanceMemory {
  schema: 1
  seen: Record<string, Remembered>
}

/** `markedAt`: when the record was last known to be marked as used, in ms since the epoch. */
type Remembered = [
  deciding: string,
  standing: string,
  contents: Digest,
  made: Digest,
  key: Digest,
  markedAt: number,
]

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
    if (!seen || Math.abs(Date.now() - seen[5]) <= hour) return false
    seen[5] = Date.now()
    this.#changed = true
    return true
  }

  /** The last of them of an instance. */
  of(instance: string): Seen | undefined {
    const seen = this.#load().get(instance)
    if (!seen) return undefined
    const [deciding, standing, contents, made, key] = seen
    return { deciding, standing, contents, made, key }
  }

  /** Remembers that this stood at that glance: it must have been taken before the files were read. */
  keep(
    instance: string,
    { deciding, standing }: Glance,
    seen: Pick<Seen, 'contents' | 'made' | 'key'>,
  ): void {
    if (!deciding.settled || !standing.settled) return
    const { contents, made, key } = seen
    const [, , , , before, markedAt] = this.#load().get(instance) ?? []
    const marked = before === key && markedAt !== undefined ? markedAt : Date.now()
    this.#load().set(instance, [deciding.text, standing.text, contents, made, key, marked])
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

/** Tells apart what decides a key, whatever the input files look like from outside. */
export function contentsOf(files: Record<string, FileMark>, { others }: Pick<Glance, 'others'>): Digest {
  return digestOf(`${Object.entries(files).flat().join('\0')}\0\0${others}`)
}

const hour = 3_600_000
