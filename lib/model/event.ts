import type { Digest } from './digest.ts'
import type { Failure } from './failure.ts'
import type { FileFault } from './file-fault.ts'
import type { HeldLease } from './lease.ts'
import type { Reason } from './reason.ts'
import type { Counts, LookedStatus } from './status.ts'

/** All that happens in a run, in the order it happens. `task` is an instance: `compile`, `start@master`. */
export type Event = RunStart | TaskStart | TaskOutput | TaskProgress | TaskEnd | Warned | RunEnd

export interface RunStart {
  type: 'run-start'
  schema: 1
  run: string
  targets: string[]
  dryRun?: true
}

export interface TaskStart {
  type: 'task-start'
  task: string
  reasons: Reason[]
  dryRun?: true
}

export interface TaskOutput {
  type: 'task-output'
  task: string
  stream: 'stdout' | 'stderr'
  text: string
}

export interface TaskProgress {
  type: 'task-progress'
  task: string
  done: number
  total: number
  unit: string
}

export interface TaskEnd {
  type: 'task-end'
  task: string
  status: LookedStatus
  key?: Digest
  reasons: Reason[]
  failure?: Failure
  /** The instance that a blocked one waited for in vain. */
  blockedBy?: string
  /** Path of the full log, from the workspace's root. */
  log?: string
  ms: number
  dryRun?: true
}

/** Never on the JSON stream: warnings go to stderr. */
export interface Warned {
  type: 'warning'
  warning: Warning
}

export interface RunEnd {
  type: 'run-end'
  ok: boolean
  exitCode: number
  counts: Counts
  /** Where something failed on hosts. */
  failedHosts?: FailedHosts
  ms: number
  dryRun?: true
}

/** Names of hosts by the kind of what failed on them. */
export type FailedHosts = Partial<Record<Failure['kind'], string[]>>

/** What a user should know though nothing failed. */
export type Warning =
  /** The first fault of the cache that a run meets, and how many came after it. */
  | { kind: 'cache-fault'; what: string; detail: string | FileFault }
  | { kind: 'more-cache-faults'; more: number }
  /** The cache grew beyond its limit: so many bytes were removed, so many are left. */
  | { kind: 'cache-collected'; limit: number; size: number; left: number }
  | { kind: 'input-changed-while-running'; task: string; path: string }
  /** A file that a task made was edited by hand, and was put right; or an `extra` one that it did not make was removed. */
  | { kind: 'output-edited'; task: string; path: string; extra?: boolean }
  /** A file that a task of this run made, and that something changed before the run ended. */
  | { kind: 'output-overwritten'; task: string; path: string }
  /** What a task of this run made, and what nobody can look at any more. */
  | { kind: 'outputs-out-of-reach'; task: string; fault: FileFault }
  /** Another run holds the lock; this one goes on when that has ended. */
  | { kind: 'waits-for-run'; pid: number; command: string; since: string }
  | { kind: 'lock-taken-over'; pid: number | null; detail: string }
  | { kind: 'leftovers-ended'; pids: number[] }
  /** Another run took the lock of this one after it was deleted. */
  | { kind: 'lock-lost'; pid: number; command: string; since: string }
  /** Another run deploys to the cluster; this one goes on when that has ended. */
  | { kind: 'waits-for-lease'; by: HeldLease }
  /** Its owner was not heard of for too long. */
  | { kind: 'lease-taken-over'; from: HeldLease }
  /** To another run; or because of a failure; or to nobody, where the host has forgotten it. */
  | { kind: 'lease-lost'; to?: HeldLease | undefined; failure?: Failure }
  /** Until it expires, nobody else can deploy. */
  | { kind: 'lease-left'; failure: Failure }
  /** Another run changed what this one had found up to date, before this one had the lease. */
  | { kind: 'changed-before-lease'; task: string }
  | { kind: 'weak-digest'; what: string; sha256: string }
  /** Something that a task which ended well had not waited for. */
  | { kind: 'failed-late'; task: string; failure: Failure }
  /** A host cannot fetch what another one gives out. */
  | { kind: 'relay-bypassed'; host: string; via: string; why: string }
  /** A host cannot give out files to the others. */
  | { kind: 'relay-down'; via: string; failure: Failure }
  | { kind: 'task'; task: string; text: string }
  | { kind: 'sandbox'; text: string }
