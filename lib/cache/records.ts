import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, isDigest } from '../model/digest.ts'
import type { TaskRecord } from '../model/record.ts'
import type { CacheLayout } from './layout.ts'
import { writeAtomically } from './write-atomically.ts'

/** What every action of this workspace made, by instance and key: `records/<instance>/<key>.json`.
 *  `latest` beside them names the key that was recorded or restored last. */
export class Records {
  readonly #layout: CacheLayout

  constructor(layout: CacheLayout) {
    this.#layout = layout
  }

  /** A record that is damaged, or of a version that we do not know, is as good as none. */
  find(instance: string, key: Digest): TaskRecord | undefined {
    const text = readIfThere(this.#path(instance, `${key}.json`))
    const record = text === undefined ? undefined : parseRecord(text)
    return record?.key === key ? record : undefined
  }

  latest(instance: string): TaskRecord | undefined {
    const key = readIfThere(this.#path(instance, 'latest'))?.trim()
    return isDigest(key) ? this.find(instance, key) : undefined
  }

  all(instance: string): TaskRecord[] {
    const names = listIfThere(join(this.#layout.records, instance)).filter((name) => name.endsWith('.json'))
    return names.flatMap((name) => this.find(instance, name.slice(0, -'.json'.length) as Digest) ?? [])
  }

  save(instance: string, record: TaskRecord): void {
    writeAtomically(
      this.#path(instance, `${record.key}.json`),
      JSON.stringify(record),
      this.#layout.temporary,
    )
    this.makeLatest(instance, record.key)
  }

  makeLatest(instance: string, key: Digest): void {
    writeAtomically(this.#path(instance, 'latest'), `${key}\n`, this.#layout.temporary)
  }

  #path(instance: string, name: string): string {
    return join(this.#layout.records, instance, name)
  }
}

/** The record in a text, or undefined where it is not one that we can trust. */
export function parseRecord(text: string): TaskRecord | undefined {
  try {
    const record = JSON.parse(text) as TaskRecord
    const whole =
      record.schema === 1 && isDigest(record.key) && record.action?.schema === 1 && isObject(record.outputs)
    return whole ? record : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function listIfThere(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
