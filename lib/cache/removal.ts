import { linkSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type FileFinding, type Removed, type Sort, sorts } from '../model/cache.ts'
import { asideSuffix, type Kept, lookAtFile } from './inventory.ts'
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

/** Removes a file with the folders that are empty without it. False where it was used, or went, after it was looked at: it
 *  is set aside first, where nobody can come to use it, and put back if somebody just had. */
export function removeUnused(layout: CacheLayout, { path, usedAt }: Kept): boolean {
  const aside = `${path}${asideSuffix}`
  const isUnused = (at: string) => lookAtFile(at)?.usedAt === usedAt
  if (!isUnused(path) || !attempt('ENOENT', () => renameSync(path, aside))) return false
  const removed = isUnused(aside)
  if (!removed) attempt('EEXIST', () => linkSync(aside, path))
  rmSync(aside, { recursive: true, force: true })
  removeFoldersLeftEmpty(layout, path)
  return removed
}

/** False where it fails because another process has come first. */
function attempt(expected: string, act: () => void): boolean {
  try {
    act()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false
    throw error
  }
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
