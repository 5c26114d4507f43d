import type { FailedHosts } from '../model/event.ts'
import type { Instance } from '../model/instance.ts'
import type { Outcome } from './outcome.ts'

/** The hosts whose tasks failed, by why, sorted. */
export function failedHosts(outcomes: ReadonlyMap<Instance, Outcome>): FailedHosts {
  const failed: FailedHosts = {}
  for (const [{ host }, { failure }] of outcomes)
    if (host && failure)
      failed[failure.kind] = [...new Set([...(failed[failure.kind] ?? []), host.name])].sort()
  return failed
}
