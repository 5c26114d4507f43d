import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OnFault } from './read.ts'
import { readSealed, writeSealed } from './sealed.ts'

type Texts = Record<string, string>

/** What a file of the folder holds: the texts of all names that belong into it. */
interface Part {
  schema: 1
  texts: Texts
}

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
    return this.#texts(partOf(name))[name]
  }

  all(): [name: string, text: string][] {
    return [...Array(16).keys()].flatMap((part) => Object.entries(this.#texts(part.toString(16))))
  }

  /** Takes a text away. Until something is saved, nothing is there of its part. */
  forget(name: string): void {
    const part = partOf(name)
    delete this.#texts(part)[name]
    if (!this.#changed.has(part)) rmSync(this.#path(part), { force: true })
    this.#changed.add(part)
  }

  /** Sets texts, and writes all parts that are not as they were read. */
  save(texts: Iterable<readonly [name: string, text: string]>): void {
    for (const [name, text] of texts) {
      const part = partOf(name)
      this.#texts(part)[name] = text
      this.#changed.add(part)
    }
    for (const part of this.#changed) {
      const content: Part = { schema: 1, texts: this.#texts(part) }
      writeSealed(this.#path(part), content, this.#temporary)
    }
    this.#changed.clear()
  }

  #texts(part: string): Texts {
    const known = this.#read.get(part)
    if (known) return known
    // A name may be `__proto__`.
    const texts = Object.setPrototypeOf(readSealed<Part>(this.#path(part), this.#onFault)?.texts ?? {}, null)
    this.#read.set(part, texts)
    return texts
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
