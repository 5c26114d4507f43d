import type { Instance } from '../model/instance.ts'

/** How many instances, one after the other, wait for each: those on the longest path are to start first.
 *  @param instances needs first */
export function ranksOf(instances: Instance[]): ReadonlyMap<Instance, number> {
  const ranks = new Map<Instance, number>()
  for (const instance of instances.toReversed()) {
    const rank = ranks.get(instance) ?? 0
    ranks.set(instance, rank)
    for (const { instances: needed } of instance.needs)
      for (const need of needed) ranks.set(need, Math.max(ranks.get(need) ?? 0, rank + 1))
  }
  return ranks
}
