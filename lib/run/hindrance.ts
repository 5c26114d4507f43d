import type { Instance } from '../model/instance.ts'
import type { Outcome } from './outcome.ts'

type Tolerate = number | `${number}%` | undefined

/** What keeps an instance from starting: something it needs failed, or was itself kept from it. */
export function hindrance(instance: Instance, visited: ReadonlyMap<Instance, Outcome>): Outcome | undefined {
  for (const { need, instances } of instance.needs) {
    if (instances.every((one) => isMade(visited.get(one)))) continue
    const ended = instances.flatMap((one) =>
      visited.has(one) ? [{ one, status: visited.get(one)!.status }] : [],
    )
    const failed = ended.filter(({ status }) => status === 'failed' || status === 'blocked')
    if (failed.length > tolerated(need.task.tolerate, ended.length))
      return { status: 'blocked', reasons: [], blockedBy: failed[0]!.one.id }
    if (ended.some(({ status }) => status === 'cancelled')) return { status: 'cancelled', reasons: [] }
  }
  return undefined
}

function isMade(outcome: Outcome | undefined): boolean {
  return outcome === undefined || outcome.made !== undefined
}

/** Whether one more failure, of this instance, is still within what its task tolerates. */
export function isTolerated(
  instance: Instance,
  all: Instance[],
  visited: ReadonlyMap<Instance, Outcome>,
): boolean {
  const siblings = all.filter(({ task }) => task === instance.task)
  const failed = siblings.filter((one) => visited.get(one)?.status === 'failed').length + 1
  return failed <= tolerated(instance.task.tolerate, siblings.length)
}

/** How many of so many hosts may fail. On a single host nothing may: its own dependents need it. */
function tolerated(tolerate: Tolerate, hosts: number): number {
  if (hosts <= 1) return 0
  return typeof tolerate === 'string'
    ? Math.floor((Number.parseInt(tolerate, 10) / 100) * hosts)
    : (tolerate ?? 0)
}
