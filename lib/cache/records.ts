import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { markUsedThisHour } from '../disk/mark-used.ts'
import { type Digest, isDigest } from '../model/digest.ts'
import type { TaskRecord } from '../model/record.ts'
import type { CacheLayout } from './layout.ts'
import { type OnFault, readIfThere, readText } from './read.ts'
import { readSealed, writeSealed } from './sealed.ts'
import { writeAtomically } from './write-atomically.ts'

/** What every action of this workspace made, by instance and key: `records/<instance>/<key>.json`.
 *  `latest` beside them names the key that was recorded or restored last, unless the task began to run since. A damaged
 *  record is as good as none. */
export class Records {
  readonly #layout: CacheLayout
  readonly #onFault: OnFault

  constructor(layout: CacheLayout, onFault: OnFault) {
    this.#layout = layout
    this.#onFault = onFault
  }

  /** Whether anything of an instance was ever recorded. */
  has(instance: string): boolean {
    return existsSync(this.#folder(instance))
  }

  pathOf(instance: string, key: Digest): string {
    return this.#path(instance, `${key}.json`)
  }

  find(instance: string, key: Digest): TaskRecord | undefined {
    const path = this.pathOf(instance, key)
    const record = readSealed<TaskRecord>(path, this.#onFault)
    if (record === undefined || record.key === key) return record
    this.#onFault(path, 'it is the record of something else', 'damaged')
    return undefined
  }

  latest(instance: string): TaskRecord | undefined {
    const key = this.latestKey(instance)
    return key && this.find(instance, key)
  }

  latestKey(instance: string): Digest | undefined {
    const path = this.#path(instance, 'latest')
    const key = readIfThere(path, readText, this.#onFault)?.trim()
    if (key === undefined || isDigest(key)) return key
    this.#onFault(path, 'it names no record', 'damaged')
    return undefined
  }

  /** The newest first. */
  all(instance: string): TaskRecord[] {
    const names = listIfThere(this.#folder(instance)).filter((name) => name.endsWith('.json'))
    return names
      .flatMap((name) => this.find(instance, name.slice(0, -'.json'.length) as Digest) ?? [])
      .sort((a, b) => (a.finishedAt < b.finishedAt ? 1 : -1))
  }

  save(instance: string, record: TaskRecord): void {
    // Most are the first of their instance: to find that out by failing takes longer.
    mkdirSync(this.#folder(instance), { recursive: true })
    writeSealed(this.pathOf(instance, record.key), record, this.#layout.temporary)
    this.makeLatest(instance, record.key)
  }

  makeLatest(instance: string, key: Digest): void {
    writeAtomically(this.#path(instance, 'latest'), `${key}\n`, this.#layout.temporary)
  }

  /** From now on, what stands may be what no record says. */
  withdrawLatest(instance: string): void {
    if (this.has(instance)) rmSync(this.#path(instance, 'latest'), { force: true })
  }

  /** Remembers that a record was of use, for when those that are of none are removed. */
  markUsed(instance: string, key: Digest): void {
    markUsedThisHour(this.pathOf(instance, key))
  }

  #folder(instance: string): string {
    return `${this.#layout.records}/${instance}`
  }

  #path(instance: string, name: string): string {
    return `${this.#folder(instance)}/${name}`
  }
}

export function listIfThere(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
