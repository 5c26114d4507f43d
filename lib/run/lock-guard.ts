import type { Warning } from '../model/event.ts'
import type { RunLock } from './lock.ts'

/** Why a run is aborted whose lock another one has taken. */
export const lockLost = 'lock-lost'

/** So often it is looked at, whatever the run does. */
const everyMs = 200

/** Looks after a run's lock. Where `.cache` was deleted it is put back, unless another run was faster: then this one is
 *  aborted, for two at work in one workspace would record each other's outputs. */
export class LockGuard {
  readonly #lock: RunLock
  readonly #warn: (warning: Warning) => void
  readonly #lost = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor(lock: RunLock, warn: (warning: Warning) => void) {
    this.#lock = lock
    this.#warn = warn
    this.#timer = setInterval(() => this.look(), everyMs).unref()
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  look(): void {
    const other = this.lost.aborted ? undefined : this.#lock.lostTo()
    if (!other) return
    const { pid, command, since } = other
    this.#warn({ kind: 'lock-lost', pid, command, since })
    this.#lost.abort(lockLost)
  }

  /** Throws where another run has the lock. */
  assertHeld(): void {
    this.look()
    this.lost.throwIfAborted()
  }

  /** Gives the lock back. Never throws. */
  end(): void {
    clearInterval(this.#timer)
    this.#lock.end()
  }
}
