/** Promises that nobody waits for yet. Their failures are not lost, and end nothing before its time. */
export class Forgotten {
  readonly #promises = new Set<Promise<unknown>>()

  /** Keeps it in mind until somebody waits for it: `await`, and all else that waits, calls `then`. */
  unlessAwaited<T extends Promise<unknown>>(promise: T): T {
    const { then } = promise
    // Else Node ends the whole program when it fails.
    then.call(promise, undefined, () => {})
    this.#promises.add(promise)
    // biome-ignore lint/suspicious/noThenProperty: a promise has one already
    promise.then = ((...handlers: Parameters<typeof then>) => {
      this.#promises.delete(promise)
      return then.apply(promise, handlers)
    }) as typeof then
    return promise
  }

  /** Waits for them all; fails like the first of them that fails. */
  async settled(): Promise<void> {
    await Promise.all(this.#promises)
  }
}
