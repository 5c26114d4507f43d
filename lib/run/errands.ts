/** What hosts and downloads do for one attempt: none of it begins once that is over, and none of it outlasts that. */
export class Errands {
  readonly #signal: AbortSignal
  readonly #going = new Set<Promise<unknown>>()

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  readonly run = async <T>(errand: () => Promise<T>): Promise<T> => {
    this.#signal.throwIfAborted()
    const going = errand()
    this.#going.add(going)
    try {
      return await going
    } finally {
      this.#going.delete(going)
    }
  }

  /** The same object, every function of which is an errand. */
  allOf<T extends object>(object: T): T {
    const errand = (call: (...args: unknown[]) => Promise<unknown>) => {
      return (...args: unknown[]) => this.run(() => call(...args))
    }
    const members = Object.entries(object)
    return Object.fromEntries(
      members.map(([name, member]) => [name, typeof member === 'function' ? errand(member) : member]),
    ) as T
  }

  async settled(): Promise<void> {
    while (this.#going.size > 0) await Promise.allSettled(this.#going)
  }
}
