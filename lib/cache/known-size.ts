import { existsSync } from 'node:fs'
import type { CacheLayout } from './layout.ts'
import type { OnFault } from './read.ts'
import { readSealed, writeSealed } from './sealed.ts'

interface SizeMemory {
  schema: 1
  /** In bytes; null where more was added than anybody has counted. */
  size: number | null
  /** When all was looked at, in ms since the epoch. */
  lookedAt: number
}

/** Whether nothing is kept but what a run remembers for the next one. */
export function isEmpty({ blobs, records, logs, downloads }: CacheLayout): boolean {
  return ![records, blobs, logs, downloads].some((folder) => existsSync(folder))
}

const day = 24 * 3_600_000

/** How large a cache is, which takes long to find out where there is much in it: from then on, what was added is counted. */
export class KnownSize {
  readonly #layout: CacheLayout
  readonly #known: SizeMemory | undefined

  /** @param wasEmpty when this run began */
  constructor(layout: CacheLayout, wasEmpty: boolean, onFault: OnFault) {
    this.#layout = layout
    this.#known = wasEmpty
      ? { schema: 1, size: 0, lookedAt: Date.now() }
      : readSealed<SizeMemory>(layout.size, onFault)
  }

  /** Infinite where nobody knows. Once a day nobody does: others may have added to it. */
  get atMost(): number {
    const { size, lookedAt = 0 } = this.#known ?? {}
    return Math.abs(Date.now() - lookedAt) < day ? (size ?? Infinity) : Infinity
  }

  /** @param added in bytes, rather too many than too few */
  grew(added: number): void {
    const size = this.atMost + added
    this.#save({ size: Number.isFinite(size) ? size : null, lookedAt: this.#known?.lookedAt ?? 0 })
  }

  lookedAt(size: number): void {
    this.#save({ size, lookedAt: Date.now() })
  }

  #save(known: Omit<SizeMemory, 'schema'>): void {
    writeSealed(this.#layout.size, { schema: 1, ...known }, this.#layout.temporary)
  }
}
