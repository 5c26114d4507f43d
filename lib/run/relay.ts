import type { Warning } from '../model/event.ts'
import { Failed } from '../model/failure.ts'
import type { Host } from '../model/host.ts'
import type { Fleet, LocalFile, Offer, Progress } from '../model/host-session.ts'

/** Below this, the way to the host itself is shorter. */
const large = 1024 * 1024

/** Lets files come to hosts from one of them. What that saves is the operator's link: it carries each file once. */
export class Relay {
  readonly #fleet: Fleet
  readonly #via: Host | undefined
  readonly #warn: (warning: Warning) => void
  readonly #bypassed = new Set<string>()
  #isDown = false

  constructor(fleet: Fleet, via: Host | undefined, warn: (warning: Warning) => void) {
    this.#fleet = fleet
    this.#via = via
    this.#warn = warn
  }

  /** What a host may fetch instead of being sent it. Undefined where it is sent everything. */
  async offerTo(
    host: Host,
    files: LocalFile[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<Offer | undefined> {
    const via = this.#via
    const worthIt = files.filter(({ size }) => size >= large)
    if (!via || via.name === host.name || worthIt.length === 0) return undefined
    if (this.#isDown || this.#bypassed.has(host.name)) return undefined
    try {
      const session = await this.#fleet.session(via)
      const addresses = await session.offer(worthIt, progress, signal)
      return { addresses, bypassed: (why) => this.#bypass(host, via, why) }
    } catch (error) {
      if (signal.aborted || !(error instanceof Failed)) throw error
      if (!this.#isDown) this.#warn({ kind: 'relay-down', via: via.name, failure: error.failure })
      this.#isDown = true
      return undefined
    }
  }

  #bypass(host: Host, via: Host, why: string): void {
    this.#bypassed.add(host.name)
    this.#warn({ kind: 'relay-bypassed', host: host.name, via: via.name, why })
  }
}
