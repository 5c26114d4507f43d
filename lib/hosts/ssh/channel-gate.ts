/**
 * Keeps the channels of a connection within what its server admits (MaxSessions: ten by default, one at least), which
 * nobody knows until it refuses one.
 */
export class ChannelGate {
  #limit = 8
  #open = 0
  readonly #waiting: (() => void)[] = []

  /** Waits for a place in turn. */
  enter(): Promise<void> {
    return new Promise((enter) => {
      this.#waiting.push(enter)
      this.#admit()
    })
  }

  leave(): void {
    this.#open--
    this.#admit()
  }

  /** Whether another channel is open besides that of who asks. */
  get isShared(): boolean {
    return this.#open > 1
  }

  /** For whom the server refuses while others are open: waits until one of them has ended. From now on they are enough. */
  giveWay(): Promise<void> {
    this.#limit = this.#open - 1
    this.leave()
    return this.enter()
  }

  #admit(): void {
    while (this.#open < this.#limit && this.#waiting.length > 0) {
      this.#open++
      this.#waiting.shift()!()
    }
  }
}
