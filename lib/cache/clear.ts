import type { Removed, Sort } from '../model/cache.ts'
import { filesOf, takeInventory } from './inventory.ts'
import type { CacheLayout } from './layout.ts'
import { Removal } from './removal.ts'

/** So that no record is left whose contents are gone, whenever this ends. */
const order: Sort[] = ['records', 'latest', 'blobs', 'logs', 'downloads', 'memory', 'foreign', 'temporary']

/** Removes all of the cache, less what a run that is going has half-written since `spare`, in ms since the epoch. */
export function clear(layout: CacheLayout, spare: number): Removed {
  const found = takeInventory(layout)
  const removal = new Removal(layout, found.findings)
  for (const sort of order)
    for (const kept of filesOf(found, sort))
      if (sort !== 'temporary' || kept.usedAt < spare) removal.remove(sort, kept)
  return { ...removal }
}
