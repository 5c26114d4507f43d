import { Failed } from '../model/failure.ts'

/** How much of what one command prints on one stream a task can read. */
const readableBytes = 16 * 1024 * 1024
/** How much of its end is kept to show when it fails. */
const shownBytes = 64 * 1024

/** What a command printed, in the shape that zx keeps it in, but bounded: zx would keep all of it. */
export class Captured {
  readonly stdout = new Chunks(readableBytes, refuseToRead)
  readonly stderr = new Chunks(readableBytes, refuseToRead)
  readonly stdall = new Chunks(shownBytes, () => {})
}

/** The last pieces of a stream, as text decoded in one go: a character may be cut by the end of a piece. */
class Chunks extends Array<Buffer> {
  readonly #most: number
  readonly #onCut: () => void
  #bytes = 0
  #isCut = false

  constructor(most: number, onCut: () => void) {
    super()
    this.#most = most
    this.#onCut = onCut
  }

  static override get [Symbol.species]() {
    return Array
  }

  override push(chunk: Buffer): number {
    super.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes > this.#most && this.length > 1) this.#isCut = true
    if (this.#bytes > 2 * this.#most) this.#dropFirst()
    return this.length
  }

  /** Many at a time: each time, all that stay are moved. */
  #dropFirst(): void {
    let dropped = 0
    while (this.#bytes > this.#most && dropped < this.length - 1) this.#bytes -= this[dropped++]!.length
    this.splice(0, dropped)
  }

  /** zx joins the pieces with this. */
  override reduce(): any {
    if (this.#isCut) this.#onCut()
    return Buffer.concat([...this]).toString()
  }
}

function refuseToRead(): never {
  throw new Failed({
    kind: 'refused',
    problem: `A command printed more than the ${readableBytes / 1024 / 1024} MB that a task can read from it.`,
    advice: 'Let it write to a file (`> file`), and read that.',
  })
}
