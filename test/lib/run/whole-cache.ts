import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Blobs } from '../../../lib/cache/blobs.ts'
import { cacheLayout } from '../../../lib/cache/layout.ts'
import { Records } from '../../../lib/cache/records.ts'
import { type Digest, digestOf } from '../../../lib/model/digest.ts'
import { canonicalJson } from '../../../lib/model/json.ts'
import type { TaskRecord } from '../../../lib/model/record.ts'

/** Reads everything that a workspace's cache keeps: every record must be whole, about the action that it is named after,
 *  and promise only contents that are there; every content must be what its name says.
 *  @returns the records by instance */
export function expectWholeCache(root: string): Record<string, TaskRecord[]> {
  const layout = cacheLayout(root)
  const damaged: string[] = []
  const onDamage = (path: string, problem: string) => void damaged.push(`${path}: ${problem}`)
  const records = new Records(layout, onDamage)
  const blobs = new Blobs(layout, onDamage)
  for (const start of list(layout.blobs))
    for (const rest of list(join(layout.blobs, start))) blobs.read(`${start}${rest}` as Digest)
  const all = Object.fromEntries(list(layout.records).map((instance) => [instance, records.all(instance)]))
  for (const { key, action, outputs } of Object.values(all).flat()) {
    expect(key).toBe(digestOf(canonicalJson(action)))
    for (const [path, file] of Object.entries(outputs))
      if ('digest' in file && !blobs.read(file.digest)) damaged.push(`${path}: its content is not kept`)
  }
  expect(damaged).toEqual([])
  return all
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
