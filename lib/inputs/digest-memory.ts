import type { Digest } from '../model/digest.ts'

/** What is remembered of files from one run to the next, as one document: by folder, a text that is only understood when
 *  a file of that folder is asked for. */
export interface DigestMemory {
  schema: 1
  folders: Record<string, string>
}

/** A file's digest, and its outside when it was read. */
export type Entry = [size: number, mtimeMs: number, ctimeMs: number, inode: number, digest: Digest]

type Folder = Map<string, Entry>

/** Digests by path: from the root, or absolute. */
export class RememberedDigests {
  readonly #read: () => DigestMemory | undefined
  #texts: Record<string, string> | undefined
  readonly #folders = new Map<string, Folder>()
  /** Folders of which something was learnt. */
  readonly changed = new Set<string>()

  /** `read` is called once, when the first digest is wanted. */
  constructor(read: () => DigestMemory | undefined) {
    this.#read = read
  }

  get(path: string): Entry | undefined {
    const [folder, name] = divided(path)
    return this.#folder(folder).get(name)
  }

  /** What was remembered before this run. */
  before(path: string): Entry | undefined {
    const [folder, name] = divided(path)
    return understood(this.#load()[folder] ?? '').get(name)
  }

  set(path: string, entry: Entry | undefined): void {
    const [folder, name] = divided(path)
    if (entry) this.#folder(folder).set(name, entry)
    else this.#folder(folder).delete(name)
    this.changed.add(folder)
  }

  /** All of it as a document, or undefined when nothing was learnt. */
  toSave(): DigestMemory | undefined {
    if (this.changed.size === 0) return undefined
    const changed = [...this.changed].map((folder) => [folder, inText(this.#folder(folder))])
    return { schema: 1, folders: { ...this.#load(), ...Object.fromEntries(changed) } }
  }

  /** How many files are remembered of each folder. */
  counts(): Map<string, number> {
    const counts = new Map(
      Object.entries(this.#load()).map(([name, text]) => [name, text.split('/').length / fields]),
    )
    for (const [name, { size }] of this.#folders) counts.set(name, size)
    return counts
  }

  #folder(name: string): Folder {
    const known = this.#folders.get(name) ?? understood(this.#load()[name] ?? '')
    this.#folders.set(name, known)
    return known
  }

  #load(): Record<string, string> {
    return (this.#texts ??= Object.assign(Object.create(null), this.#read()?.folders))
  }
}

function divided(path: string): [folder: string, name: string] {
  const end = path.lastIndexOf('/')
  return [end < 0 ? '.' : path.slice(0, end), path.slice(end + 1)]
}

const fields = 6

/** Fields are separated by what no name of a file holds. */
function inText(folder: Folder): string {
  return [...folder].flat(2).join('/')
}

function understood(text: string): Folder {
  const folder: Folder = new Map()
  const parts = text === '' ? [] : text.split('/')
  for (let at = 0; at + fields <= parts.length; at += fields) {
    const [name, size, mtimeMs, ctimeMs, inode, digest] = parts.slice(at, at + fields)
    folder.set(name!, [Number(size), Number(mtimeMs), Number(ctimeMs), Number(inode), digest as Digest])
  }
  return folder
}
