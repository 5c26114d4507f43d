import type { ProcessGroups } from '../local/process-groups.ts'
import type { Warning } from '../model/event.ts'
import type { Instance } from '../model/instance.ts'
import type { ClusterLease } from './cluster-lease.ts'
import type { LockGuard } from './lock-guard.ts'
import type { Emit } from './options.ts'
import type { Relay } from './relay.ts'

/** What acting on a decision needs besides the engine, and looking does not. */
export interface Tools {
  /** When the run began, in ms since the epoch. */
  began: number
  /** By then. */
  cacheWasEmpty: boolean
  run: string
  /** What all its local commands see. */
  environment: Record<string, string>
  lock: LockGuard
  lease: ClusterLease
  emit: Emit
  signal: AbortSignal
  warn(warning: Warning): void
  relay: Relay
  /** Process groups of all tasks that run now, for the moment when this process must end at once. */
  live: Set<ProcessGroups>
  /** Instances whose log is of this run. */
  logged: Set<Instance>
}
