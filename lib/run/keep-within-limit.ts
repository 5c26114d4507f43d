import { relative } from 'node:path'
import { collect } from '../cache/collect.ts'
import { takeInventory, totalSize } from '../cache/inventory.ts'
import { KnownSize } from '../cache/known-size.ts'
import { withoutCode } from '../model/file-fault.ts'
import type { Instance } from '../model/instance.ts'
import { addedToCache } from './added-to-cache.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './outcome.ts'
import type { Tools } from './tools.ts'

/** Some room is made at once, so that not every run has to make some. */
const keptShare = 0.9

/** Once everything has run, removes what was least recently used from a cache that has grown too large. */
export function keepWithinLimit(
  engine: Engine,
  outcomes: ReadonlyMap<Instance, Outcome>,
  { cacheWasEmpty, logged, signal, warn }: Tools,
): void {
  const {
    faults,
    layout,
    workspace: { root, cacheLimit: limit },
  } = engine
  const hasGrown = [...outcomes.values()].some(({ status }) => status === 'ran' || status === 'failed')
  if (!hasGrown) return
  faults.attempt(() => {
    const known = new KnownSize(layout, cacheWasEmpty && !signal.aborted, faults.unusable)
    const added = addedToCache(engine, outcomes, logged)
    // Nobody waits for what takes long.
    if (signal.aborted || known.atMost + added <= limit) return known.grew(added)
    const found = totalSize(takeInventory(layout))
    if (found <= limit) return known.lookedAt(found)
    const { size, left, findings } = collect(layout, { maxSize: keptShare * limit })
    known.lookedAt(left)
    warn({ kind: 'cache-collected', limit, size, left })
    for (const { path, problem } of findings)
      faults.tell(`\`${relative(root, path)}\` cannot be used`, withoutCode(problem))
  }, 'the cache could not be kept within its limit')
}
