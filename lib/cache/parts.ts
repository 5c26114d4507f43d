import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OnFault } from './read.ts'
import { readSealedWithText, writeSealed } from './sealed.ts'

/** What a file of the folder holds besides the texts of all names that belong into it, one after another: to read and write
 *  these as JSON would take twice as long. */
interface Part {
  schema: 1
  names: string[]
  lengths: number[]
}

type Texts = Map<string, string>

/** Texts by name, in a folder of 16 documents: where few are wanted or change, not all are read or written. */
export class Parts {
  readonly #folder: string
  readonly #temporary: string
  readonly #onFault: OnFault
  readonly #read = new Map<string, Texts>()
  /** Parts that are not as they were read. */
  readonly #changed = new Set<string>()

  constructor(folder: string, temporary: string, onFault: OnFault) {
    this.#folder = folder
    this.#temporary = temporary
    this.#onFault = onFault
  }

  get(name: string): string | undefined {
    return this.#texts(partOf(name)).get(name)
  }

  all(): [name: string, text: string][] {
    return [...Array(16).keys()].flatMap((part) => [...this.#texts(part.toString(16))])
  }

  /** Takes a text away. Until something is saved, nothing is there of its part. */
  forget(name: string): void {
    const part = partOf(name)
    this.#texts(part).delete(name)
    if (!this.#changed.has(part)) rmSync(this.#path(part), { force: true })
    this.#changed.add(part)
  }

  /** Sets texts, and writes all parts that are not as they were read. */
  save(texts: Iterable<readonly [name: string, text: string]>): void {
    for (const [name, text] of texts) {
      const part = partOf(name)
      this.#texts(part).set(name, text)
      this.#changed.add(part)
    }
    for (const part of this.#changed) this.#write(part)
    this.#changed.clear()
  }

  #texts(part: string): Texts {
    const known = this.#read.get(part)
    if (known) return known
    const texts = this.#readPart(part)
    this.#read.set(part, texts)
    return texts
  }

  #write(part: string): void {
    const names = [...this.#texts(part).keys()]
    const texts = [...this.#texts(part).values()]
    const document: Part = { schema: 1, names, lengths: texts.map(({ length }) => length) }
    writeSealed(this.#path(part), document, this.#temporary, texts)
  }

  #readPart(part: string): Texts {
    const { document, text } = readSealedWithText<Part>(this.#path(part), this.#onFault) ?? {}
    let end = 0
    // Another version of the program gave other things.
    return new Map(
      document?.names?.map((name, index) => {
        const start = end
        end += document.lengths[index]!
        return [name, text!.slice(start, end)]
      }),
    )
  }

  #path(part: string): string {
    return join(this.#folder, `${part}.json`)
  }
}

function partOf(name: string): string {
  let sum = 0
  for (let at = 0; at < name.length; at++) sum = (sum * 31 + name.charCodeAt(at)) | 0
  return (sum & 15).toString(16)
}
