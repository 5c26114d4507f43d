import { setTimeout as sleep } from 'node:timers/promises'
import { type DeadHolder, inspectLock, type LockAttempt, tryLock } from '../local/lock.ts'
import type { Holder } from '../local/lock-claim.ts'
import { UsageError } from '../model/problem.ts'

export interface HeldLock {
  /** Never throws. */
  release(): void
  /** The run that held the lock and died: what it started may still live. */
  left?: DeadHolder
  /** Why there is no lock: `.cache` cannot be written, which fails no run. */
  fault?: Error
}

interface LockOptions {
  run: string
  command: string
  wait: boolean
  /** Called once, when there is one to wait for. */
  onWait(holder: Holder): void
  signal: AbortSignal
}

/** Takes the workspace's lock. A living holder is waited for, or a `locked` usage error; a dead one is succeeded at once. */
export async function acquireLock(path: string, options: LockOptions): Promise<HeldLock> {
  for (let waits = false; ; waits = true) {
    const attempt = attemptLock(path, options)
    if ('release' in attempt) return attempt
    const { pid, command, since } = attempt.heldBy
    if (!options.wait) throw new UsageError({ kind: 'locked', pid, command, since })
    if (!waits) options.onWait(attempt.heldBy)
    await sleep(100, undefined, { signal: options.signal })
  }
}

function attemptLock(path: string, options: LockOptions): LockAttempt | HeldLock {
  try {
    return tryLock(path, options)
  } catch (error) {
    const { heldBy, left } = inspectLock(path)
    if (heldBy) return { heldBy }
    return { release: () => {}, fault: error as Error, ...(left && { left }) }
  }
}
