import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { cacheLayout } from '../../../lib/cache/layout.ts'
import { Records } from '../../../lib/cache/records.ts'
import { type Digest, digestOf } from '../../../lib/model/digest.ts'
import type { FileStates } from '../../../lib/model/file-state.ts'
import type { TaskRecord } from '../../../lib/model/record.ts'

const day = 86_400_000

/** A workspace's cache in a folder of its own, filled by the test as a run would fill it. */
export class FilledCache {
  readonly root = mkdtempSync(join(tmpdir(), 'cache-'))
  readonly layout = cacheLayout(this.root)
  readonly #records = new Records(this.layout, fail)

  constructor() {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }))
  }

  /** Keeps contents and a record that refers to them. @returns the record's path from `.cache` */
  record(instance: string, contents: string[], { daysAgo = 0 } = {}): string {
    const key = digestOf(`${instance} ${contents.join()}`)
    const outputs = Object.fromEntries(
      contents.map((content, index) => [`out/${index}`, this.blob(content, { daysAgo })]),
    )
    this.#records.save(instance, recordOf(instance, key, outputs))
    const path = `records/${instance}/${key}.json`
    for (const file of [path, `records/${instance}/latest`]) this.used(file, daysAgo)
    return path
  }

  /** Keeps a content that no record refers to. */
  blob(content: string, { daysAgo = 0 } = {}) {
    this.file(blobPath(content), content, { daysAgo })
    return { digest: digestOf(content), size: content.length, executable: false }
  }

  file(path: string, content: string, { daysAgo = 0 } = {}): string {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    writeFileSync(this.path(path), content)
    this.used(path, daysAgo)
    return path
  }

  used(path: string, daysAgo: number): void {
    const time = new Date(Date.now() - daysAgo * day)
    utimesSync(this.path(path), time, time)
  }

  path(path: string): string {
    return join(this.layout.folder, path)
  }

  has(path: string): boolean {
    return existsSync(this.path(path))
  }

  hasContent(content: string): boolean {
    return this.has(blobPath(content))
  }

  /** Everything in `.cache`, but for empty folders. */
  files(): string[] {
    if (!existsSync(this.layout.folder)) return []
    return readdirSync(this.layout.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name).slice(this.layout.folder.length + 1))
      .sort()
  }
}

/** Path of a content from `.cache`. */
export function blobPath(content: string): string {
  const digest = digestOf(content)
  return `blobs/${digest.slice(0, 2)}/${digest.slice(2)}`
}

export function daysAgo(days: number): number {
  return Date.now() - days * day
}

function recordOf(task: string, key: Digest, outputs: FileStates): TaskRecord {
  const finishedAt = new Date(0).toISOString()
  return {
    schema: 1,
    task,
    key,
    action: {} as TaskRecord['action'],
    outputs,
    reasons: [],
    durationMs: 1,
    finishedAt,
  }
}

function fail(path: string, problem: string): never {
  throw new Error(`${path}: ${problem}`)
}
