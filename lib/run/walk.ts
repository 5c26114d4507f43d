import type { Instance } from '../model/instance.ts'

/** Visits every instance once what it needs has been visited, as many at a time as are ready. `visit` must not throw. */
export async function walk<T>(
  instances: Instance[],
  visit: (instance: Instance, visited: ReadonlyMap<Instance, T>) => Promise<T>,
): Promise<ReadonlyMap<Instance, T>> {
  const visits = new Map<Instance, Promise<unknown>>()
  const visited = new Map<Instance, T>()
  for (const instance of instances) {
    const needs = instance.needs.flatMap(({ instances }) =>
      instances.flatMap((need) => visits.get(need) ?? []),
    )
    visits.set(
      instance,
      Promise.all(needs).then(async () => visited.set(instance, await visit(instance, visited))),
    )
  }
  await Promise.all(visits.values())
  return visited
}
