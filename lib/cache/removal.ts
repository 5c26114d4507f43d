import { rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type FileFinding, type Removed, type Sort, sorts } from '../model/cache.ts'
import { type Kept, lookAtFile } from './inventory.ts'
import type { CacheLayout } from './layout.ts'

/** Removes files of the cache one by one, and counts. */
export class Removal implements Removed {
  readonly #layout: CacheLayout
  readonly counts = Object.fromEntries(sorts.map((sort) => [sort, 0])) as Record<Sort, number>
  readonly findings: FileFinding[]
  size = 0

  /** `findings`: what was found already. */
  constructor(layout: CacheLayout, findings: FileFinding[]) {
    this.#layout = layout
    this.findings = [...findings]
  }

  /** False where the file was used, or went, after it was looked at, and where it cannot be removed: that is a finding. */
  remove(sort: Sort, kept: Kept): boolean {
    try {
      if (!removeUnused(this.#layout, kept)) return false
    } catch (error) {
      this.findings.push({ kind: 'inaccessible', path: kept.path, problem: (error as Error).message })
      return false
    }
    this.counts[sort] += 1
    this.size += kept.size
    return true
  }
}

/** Removes a file with the folders that are empty without it. False where it was used, or went, after it was looked at. */
export function removeUnused(layout: CacheLayout, { path, usedAt }: Kept): boolean {
  if (lookAtFile(path)?.usedAt !== usedAt) return false
  rmSync(path, { recursive: true, force: true })
  removeFoldersLeftEmpty(layout, path)
  return true
}

function removeFoldersLeftEmpty(layout: CacheLayout, removed: string): void {
  const stay = Object.values(layout)
  for (let folder = dirname(removed); !stay.includes(folder); folder = dirname(folder))
    try {
      rmdirSync(folder)
    } catch {
      return // something is in it, or came into it
    }
}
