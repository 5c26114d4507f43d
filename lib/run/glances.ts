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
export interface Seen {
  /** The glance itself. */
  deciding: string
  standing: string
  /** Digest of what the instance made. */
  made: Digest
  key: Digest
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

  /** The last of them of an instance. */
  of(instance: string): Seen | undefined {
    const seen = this.#load().get(instance)
    if (!seen) return undefined
    const [deciding, standing, made, key] = seen
    return { deciding, standing, made, key }
  }

  /** Remembers that this stood at that glance: it must have been taken before the files were read. */
  keep(instance: string, { deciding, standing }: Glance, { made, key }: Pick<Seen, 'made' | 'key'>): void {
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
