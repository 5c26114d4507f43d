import type { FileMark } from '../model/action.ts'
import { type Digest, digestOf } from '../model/digest.ts'

/** An instance when it was found up to date. */
export interface Seen {
  /** Tells its input files and all else that decides its key apart from others, see `contentsOf`. */
  contents: Digest
  /** Of what the instance made, which stood. */
  made: Digest
  key: Digest
  /** What `contents` tells apart, as a survey told it, where one saw all of it. */
  outside?: string | undefined
  /** What the instance made, likewise; where that is short, as it was told. */
  standing?: string | undefined
}

interface Remembered extends Seen {
  /** When the record was last known to be marked as used, in ms since the epoch. */
  markedAt: number
}

/** What earlier runs have seen, as texts by instance. */
export interface GlanceMemory {
  get(instance: string): string | undefined
  /** Makes that nothing, should this run be killed. */
  forget(instance: string): void
  save(texts: Iterable<readonly [instance: string, text: string]>): void
}

/** Glances at which instances were found up to date: at the same glance, they still are. */
export class Glances {
  readonly #memory: GlanceMemory
  readonly #seen = new Map<string, Remembered | undefined>()
  readonly #changed = new Set<string>()

  constructor(memory: GlanceMemory) {
    this.#memory = memory
  }

  /** Once an hour: to see at a glance that a record stands marks it as used no more often. */
  isTimeToMark(instance: string): boolean {
    const seen = this.#of(instance)
    if (!seen || Math.abs(Date.now() - seen.markedAt) <= hour) return false
    seen.markedAt = Date.now()
    this.#changed.add(instance)
    return true
  }

  /** The last of them of an instance. */
  of(instance: string): Seen | undefined {
    return this.#of(instance)
  }

  /** Remembers that this was up to date. How the same looked from outside before is as true as ever. */
  keep(instance: string, seen: Seen): void {
    const before = this.#of(instance)
    const markedAt = before?.key === seen.key ? before.markedAt : Date.now()
    const outside = seen.outside || (before?.contents === seen.contents ? before.outside : undefined)
    const standing = seen.standing ?? (before?.made === seen.made ? before.standing : undefined)
    this.#seen.set(instance, { ...seen, outside, standing, markedAt })
    this.#changed.add(instance)
  }

  /** Before another result of the instance than what was seen, or none, counts as standing. Throws what the system does. */
  withdraw(instance: string): void {
    if (!this.#of(instance)) return
    this.#seen.set(instance, undefined)
    this.#changed.delete(instance)
    this.#memory.forget(instance)
  }

  save(): void {
    this.#memory.save([...this.#changed].map((instance) => [instance, inText(this.#seen.get(instance)!)]))
  }

  #of(instance: string): Remembered | undefined {
    if (!this.#seen.has(instance)) this.#seen.set(instance, understood(this.#memory.get(instance)))
    return this.#seen.get(instance)
  }
}

function inText({ contents, made, key, markedAt, outside = '', standing }: Remembered): string {
  return [contents, made, key, markedAt, outside, ...(standing === undefined ? [] : [standing])].join(' ')
}

function understood(text: string | undefined): Remembered | undefined {
  if (text === undefined) return undefined
  const [contents, made, key, ...others] = text.split(' ') as [Digest, Digest, Digest, ...string[]]
  const [markedAt, outside, ...standing] = others
  return {
    contents,
    made,
    key,
    markedAt: Number(markedAt),
    outside,
    standing: standing.length > 0 ? standing.join(' ') : undefined,
  }
}

/** Tells apart what decides keys, but for what is read on hosts. `others`: all but input files. */
export function contentsOf(files: Record<string, FileMark>, others: string): Digest {
  return digestOf(`${Object.entries(files).flat().join('\0')}\0\0${others}`)
}

const hour = 3_600_000
