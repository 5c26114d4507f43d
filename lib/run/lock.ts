import { setTimeout as sleep } from 'node:timers/promises'
import type { HeldLock } from '../local/held-lock.ts'
import { inspectLock, type LockAttempt, tryLock } from '../local/lock.ts'
import { type Holder, presentHolder } from '../local/lock-claim.ts'
import { findRunAtWork } from '../local/run-at-work.ts'
import { UsageError } from '../model/problem.ts'

/** What a run needs of its lock. */
export interface RunLock extends Omit<HeldLock, 'release'> {
  /** Why there is none: `.cache` cannot be written, which fails no run. */
  fault?: Error
}

interface LockOptions {
  root: string
  run: string
  command: string
  wait: boolean
  /** Called once, when there is one to wait for. */
  onWait(holder: Holder): void
  signal: AbortSignal
}

/** Takes the workspace's lock. A living holder is waited for, or a `locked` usage error; a dead one is succeeded at once. */
export async function acquireLock(path: string, options: LockOptions): Promise<RunLock> {
  for (let waits = false; ; waits = true) {
    const attempt = attemptLock(path, options)
    if (!('heldBy' in attempt)) return attempt
    const { pid, command, since } = attempt.heldBy
    if (!options.wait) throw new UsageError({ kind: 'locked', pid, command, since })
    if (!waits) options.onWait(attempt.heldBy)
    await sleep(100, undefined, { signal: options.signal })
  }
}

function attemptLock(path: string, options: LockOptions): LockAttempt | RunLock {
  const { heldBy, left, unended = [] } = inspectLock(path)
  // Where nobody knows who was here before, they may still be.
  const atWork = heldBy ?? (unended === 'all' ? findRunAtWork(options.root) : undefined)
  if (atWork) return { heldBy: atWork }
  try {
    return tryLock(path, options)
  } catch (error) {
    const fault = error as Error
    return { ...noLock, holder: presentHolder(options), fault, ...(left && { left, unended }) }
  }
}

const noLock = { unended: [], settle() {}, lostTo: () => undefined, end() {} }
