import { hostname, userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Warning } from '../model/event.ts'
import { Failed, type Failure } from '../model/failure.ts'
import { type HeldLease, type Lease, type LeaseOwner, leaseLost, type TakenLease } from '../model/lease.ts'
import { uptimeMs } from '../model/uptime.ts'
import { failureOf } from './outcome.ts'

interface LeaseOptions {
  /** Absent where nobody keeps one. */
  open: (() => Promise<Lease>) | undefined
  root: string
  run: string
  command: string
  /** Runs of this workspace that are known to have died. */
  dead: string[]
  /** Wait for whoever has it, instead of failing. */
  wait: boolean
  signal: AbortSignal
  warn(warning: Warning): void
}

/** So often the host is told that this run lives, and so often in a row it may not hear it. */
const renewEveryMs = 10_000
const misses = 3

/** At its end, a run waits no longer for a host that does not answer. */
const releaseWithinMs = 5000

/** Looks after the lease of the cluster. It is taken before the first change of a host: an idle run takes none. */
export class ClusterLease {
  readonly #options: LeaseOptions
  readonly #began = uptimeMs()
  readonly #lost = new AbortController()
  readonly #seen: { task: string; stillStands(): Promise<boolean> }[] = []
  #taking: Promise<boolean> | undefined
  #held: Lease | undefined
  #isOver = false

  constructor(options: LeaseOptions) {
    this.#options = options
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  get isHeld(): boolean {
    return this.#held !== undefined
  }

  /** Notes what was found to stand on a host before the lease was taken, and is relied on. */
  relyOn(task: string, stillStands: () => Promise<boolean>): void {
    this.#seen.push({ task, stillStands })
  }

  /** @returns whether another run was at work since this one began: what was seen before need not stand any more */
  take(): Promise<boolean> {
    this.#taking ??= this.#take()
    return this.#taking
  }

  async #take(): Promise<boolean> {
    const lease = await this.#options.open?.()
    if (!lease) return false
    const { freeMs, from } = await this.#taken(lease)
    this.#held = lease
    if (from && from.run !== this.#options.run) this.#options.warn({ kind: 'lease-taken-over', from })
    void this.#keep(lease)
    const isStale = freeMs < uptimeMs() - this.#began
    if (isStale) await this.#lookAgain()
    return isStale
  }

  async #taken(lease: Lease): Promise<TakenLease> {
    const { run, command, dead, wait, warn, signal } = this.#options
    const owner: LeaseOwner = {
      who: `${userInfo().username}@${hostname()}`,
      pid: process.pid,
      command,
      since: new Date().toISOString(),
      run,
    }
    for (let waits = false; ; waits = true) {
      const answer = await lease.take(owner, dead)
      if ('token' in answer) return answer
      if (!wait) throw new Failed({ kind: 'lease-held', by: answer.heldBy })
      if (!waits) warn({ kind: 'waits-for-lease', by: answer.heldBy })
      await sleep(1000, undefined, { signal })
    }
  }

  async #lookAgain(): Promise<void> {
    await Promise.all(
      this.#seen.map(async ({ task, stillStands }) => {
        if (await stillStands()) return
        this.#options.warn({ kind: 'changed-before-lease', task })
        this.#lost.abort(leaseLost)
      }),
    )
    this.lost.throwIfAborted()
  }

  /** Until the run is over, or the lease is lost. */
  async #keep(lease: Lease): Promise<void> {
    for (let missed = 0; ; ) {
      await sleep(renewEveryMs, undefined, { ref: false })
      if (this.#isOver) return
      try {
        const renewed = await lease.renew()
        missed = 0
        if (renewed.lost) return this.#lose({ to: renewed.to })
      } catch (error) {
        missed++
        if (missed === misses) return this.#lose({ failure: failureOf(error, this.#options.root) })
      }
    }
  }

  #lose(how: { to?: HeldLease; failure?: Failure }): void {
    if (this.#isOver) return
    this.#options.warn({ kind: 'lease-lost', ...how })
    this.#lost.abort(leaseLost)
  }

  /** Gives it back. Never throws. */
  async end(): Promise<void> {
    // Whoever waits for it has told already what came of that.
    await this.#taking?.catch(() => {})
    this.#isOver = true
    if (!this.#held) return
    try {
      await within(releaseWithinMs, this.#held.release())
    } catch (error) {
      this.#options.warn({ kind: 'lease-left', failure: failureOf(error, this.#options.root) })
    }
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const tooLate = async () => {
    await sleep(ms, undefined, { ref: false })
    throw new Failed({ kind: 'timed-out', after: `${ms / 1000}s` })
  }
  await Promise.race([work, tooLate()])
}
