import { type FileHandle, open, stat } from 'node:fs/promises'

const pieceBytes = 1024 * 1024

/** A file that may grow, be written anew, or be replaced by another one at any moment. It is kept open: as long as it is,
 *  no other file looks the same from outside. */
export class GrowingFile {
  readonly #path: string
  #file: FileHandle | undefined
  #read = 0

  constructor(path: string) {
    this.#path = path
  }

  /** What was added since it was last asked, in pieces. */
  async *added(): AsyncGenerator<Buffer> {
    yield* this.#rest()
    if (!(await this.#isAnother())) return
    await this.close()
    this.#file = await unlessGone(open(this.#path))
    this.#read = 0
    yield* this.#rest()
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  async *#rest(): AsyncGenerator<Buffer> {
    if (!this.#file) return
    const { size } = await this.#file.stat()
    if (size < this.#read) this.#read = 0
    while (this.#read < size) {
      const piece = Buffer.alloc(Math.min(pieceBytes, size - this.#read))
      const { bytesRead } = await this.#file.read(piece, 0, piece.length, this.#read)
      if (bytesRead === 0) return
      this.#read += bytesRead
      yield piece.subarray(0, bytesRead)
    }
  }

  async #isAnother(): Promise<boolean> {
    const there = await unlessGone(stat(this.#path))
    const own = await this.#file?.stat()
    return there !== undefined && (there.ino !== own?.ino || there.dev !== own.dev)
  }
}

async function unlessGone<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
