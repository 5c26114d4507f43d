import type { FileFault } from './file-fault.ts'
import type { HeldLease } from './lease.ts'
import type { BadTask } from './problem.ts'

/** Why an instance failed. Sentences for these are in `report/words/`. */
export type Failure =
  | { kind: 'command'; command: string; exitCode: number | null; signal: string | null; tail: string }
  /** `code`: the system's word for why. */
  | { kind: 'not-started'; command: string; code: string }
  | { kind: 'script'; script: string; exitCode: number | null; signal: string | null; tail: string }
  /** A script's process is gone without a result: killed, or the host was `rebooted`. */
  | { kind: 'job-lost'; host: string; script: string; rebooted: boolean; tail: string }
  | { kind: 'timed-out'; after: string }
  /** It waits for a promise that nothing is left to keep. */
  | { kind: 'stuck' }
  | { kind: 'output-not-made'; path: string }
  /** The system would not let the task, or the engine for it, do something with a file. */
  | ({ kind: 'file-fault' } & FileFault)
  /** `job`: a script that was followed there, and goes on. */
  | { kind: 'unreachable'; host: string; address: string; detail: string; job?: string }
  | { kind: 'authentication'; host: string; address: string; user: string; detail: string }
  /**
   * `known`: a fingerprint that known_hosts has for this host, when it has one. `authority`: the line that would trust it
   * by a certificate, and `revoked` the one that forbids it.
   */
  | {
      kind: 'host-key'
      host: string
      fingerprint: string
      known?: string
      authority?: string
      accept: string
    }
  | { kind: 'host-key'; host: string; fingerprint: string; revoked: string }
  /** Bytes, where they were asked for beforehand. `noMoreFiles`: there is room, but for no more files (inodes). */
  | { kind: 'no-space'; host: string; path: string; needed?: number; free?: number; noMoreFiles?: true }
  | { kind: 'stalled'; host: string; detail: string }
  /** Bytes that are not what was promised: an upload, a download, a blob. */
  | { kind: 'verification'; what: string; expected: string; actual: string }
  /** A file of this machine that was written to, or went, while it was on its way. */
  | { kind: 'changed-while-sent'; host: string; path: string }
  | { kind: 'download'; url: string; detail: string }
  /** `job`: a script that was followed there, and goes on. */
  | { kind: 'connection-lost'; host: string; job?: string }
  /** Another run deploys to the cluster, and this one does not wait. */
  | { kind: 'lease-held'; by: HeldLease }
  /** The host obeys another run, which has taken the lease since. */
  | { kind: 'fenced'; host: string }
  /** Something the task itself found wrong, in its own words and with its own advice. */
  | { kind: 'refused'; problem: string; advice: string }
  /** What the task declares turned out, only now, to be what cannot be. */
  | BadTask
  /** An exception that nobody expected: a bug in the task or in the engine. */
  | { kind: 'crash'; message: string; stack?: string }

/** Whether a host failed that nothing is known of: what works there may go on. */
export function isOutOfReach({ kind }: Failure): boolean {
  return ['unreachable', 'authentication', 'host-key', 'connection-lost'].includes(kind)
}

/** Carries a failure to the one place that turns what an instance threw into a result. */
export class Failed extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.kind)
    this.failure = failure
  }
}

/** What a task throws to say, in its own words, what is wrong and what to do about it. */
export function refuse(problem: string, advice: string): never {
  throw new Failed({ kind: 'refused', problem, advice })
}
