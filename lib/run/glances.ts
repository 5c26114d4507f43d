import type { Digest } from '../model/digest.ts'

/** A look at an instance from outside: no file is read for it. */
export interface Glance {
  /** Differs from that of any moment at which the instance would have another key. */
  deciding: Print
  /** Differs from that of any moment at which other outputs stood. */
  standing: Print
}

export interface Print {
  text: string
  /** False where a file was touched so lately that it could change unseen: nothing can rest on this later. */
  settled: boolean
}

/** What stood at a glance. */
interface Seen {
  key: Digest
  /** Digest of what the instance made. */
  made: Digest
}

/** What is remembered from one run to the next, as one document. */
export interface GlanceMemory {
  schema: 1
  /** When the records of all that stood were last marked as used, in ms since the epoch. */
  markedAt: number
  instances: Record<string, [deciding: string, standing: string, made: Digest, key: Digest]>
}

/** Glances at which instances were found up to date: at the same glance, they still are. */
export class Glances {
  readonly #remembered: () => GlanceMemory | undefined
  #seen: Map<string, GlanceMemory['instances'][string]> | undefined
  #markedAt = Date.now()
  #changed = false

  /** `remembered` is asked once, when the first glance is compared. */
  constructor(remembered: () => GlanceMemory | undefined) {
    this.#remembered = remembered
  }

  /** Once an hour: to see at a glance that a record stands marks it as used no more often. */
  isTimeToMark(): boolean {
    this.#load()
    const isTime = Date.now() - this.#markedAt > hour
    if (isTime) this.#markedAt = Date.now()
    this.#changed ||= isTime
    return isTime
  }

  /** Whether there is a glance to compare with at all. */
  has(instance: string): boolean {
    return this.#load().has(instance)
  }

  /** What stands, if it is known from such a glance. */
  find(instance: string, { deciding, standing }: Glance): Seen | undefined {
    const seen = this.#load().get(instance)
    if (seen?.[0] !== deciding.text || seen[1] !== standing.text) return undefined
    return { made: seen[2], key: seen[3] }
  }

  /** Whether an instance's outputs are what they were when it was found up to date. */
  stillStand(instance: string, { text }: Print): boolean {
    return this.#load().get(instance)?.[1] === text
  }

  /** Remembers that this stood at that glance: it must have been taken before the files were read. */
  keep(instance: string, { deciding, standing }: Glance, { made, key }: Seen): void {
    if (!deciding.settled || !standing.settled) return
    this.#load().set(instance, [deciding.text, standing.text, made, key])
    this.#changed = true
  }

  /** What to remember, or undefined when nothing was learnt. */
  toSave(): GlanceMemory | undefined {
    if (!this.#changed) return undefined
    return { schema: 1, markedAt: this.#markedAt, instances: Object.fromEntries(this.#load()) }
  }

  #load() {
    if (this.#seen) return this.#seen
    const { instances = {}, markedAt } = this.#remembered() ?? {}
    if (markedAt !== undefined) this.#markedAt = markedAt
    return (this.#seen = new Map(Object.entries(instances)))
  }
}

const hour = 3_600_000
