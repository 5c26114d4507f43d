import pLimit, { type LimitFunction } from 'p-limit'

type Admit = <T>(act: () => Promise<T>) => Promise<T>

/** Admits tasks of a pool as far as its capacity goes; a pool that nobody gave a capacity has one slot. */
export function pools(capacities: Record<string, number>): (name: string | undefined) => Admit {
  const limits = new Map<string, LimitFunction>(
    Object.entries(capacities).map(([name, capacity]) => [name, pLimit(capacity)]),
  )
  return (name) => {
    if (name === undefined) return (act) => act()
    const limit = limits.get(name) ?? pLimit(1)
    limits.set(name, limit)
    return (act) => limit(act)
  }
}
