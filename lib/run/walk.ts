import { longestMs } from '../disk/give-way.ts'
import { addTo } from '../model/add-to.ts'
import type { Instance } from '../model/instance.ts'
import { uptimeMs } from '../model/uptime.ts'

type Visit<T> = (instance: Instance, visited: ReadonlyMap<Instance, T>) => T | Promise<T>

/** Visits every instance once what it needs has been visited, as many at a time as are ready. What fails in a promise that
 *  a visit returns ends the walk. */
export function walk<T>(instances: Instance[], visit: Visit<T>): Promise<ReadonlyMap<Instance, T>> {
  const visited = new Map<Instance, T>()
  const { ready, waiting, dependents } = order(instances)
  return new Promise((resolve, reject) => {
    const end = (instance: Instance, result: T) => {
      visited.set(instance, result)
      for (const dependent of dependents.get(instance) ?? []) {
        const left = waiting.get(dependent)! - 1
        waiting.set(dependent, left)
        if (left === 0) ready.push(dependent)
      }
      if (visited.size === instances.length) resolve(visited)
    }
    let next = 0
    const visitNext = () => {
      const instance = ready[next++]!
      const result = visit(instance, visited)
      if (!(result instanceof Promise)) return end(instance, result)
      result
        .then((result) => end(instance, result))
        .then(proceed)
        .catch(reject)
    }
    const proceed = () => {
      const began = uptimeMs()
      while (next < ready.length && uptimeMs() - began < longestMs) visitNext()
      if (next < ready.length) setImmediate(proceed)
    }
    if (instances.length === 0) resolve(visited)
    proceed()
  })
}

/** What is ready from the start; of everything else for how many visits it waits; and what waits for each. */
function order(instances: Instance[]) {
  const ready: Instance[] = []
  const waiting = new Map<Instance, number>()
  const dependents = new Map<Instance, Instance[]>()
  const taking = new Set(instances)
  for (const instance of instances) {
    let open = 0
    for (const { instances: needed } of instance.needs)
      for (const need of needed) {
        if (!taking.has(need)) continue
        open++
        addTo(dependents, need, instance)
      }
    if (open === 0) ready.push(instance)
    else waiting.set(instance, open)
  }
  return { ready, waiting, dependents }
}
