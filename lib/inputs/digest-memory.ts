import type { Digest } from '../model/digest.ts'

/** What is remembered of files from one run to the next: by folder, a text that is only understood when a file of that
 *  folder is asked for. */
export type DigestMemory = Record<string, string>

/** A file's digest, and its outside when it was read. */
export type Entry = [size: number, mtimeMs: number, ctimeMs: number, inode: number, digest: Digest]

type Folder = Map<string, Entry>

/** Digests by path: from the root, or absolute. */
export class RememberedDigests {
  readonly #read: (folder: string) => string | undefined
  readonly #folders = new Map<string, Folder>()
  readonly #changed = new Set<string>()

  /** `read`: what is remembered of a folder. */
  constructor(read: (folder: string) => string | undefined) {
    this.#read = read
  }

  get(path: string): Entry | undefined {
    const [folder, name] = divided(path)
    return this.#folder(folder).get(name)
  }

  /** What was remembered before this run. */
  before(path: string): Entry | undefined {
    const [folder, name] = divided(path)
    return understood(this.#read(folder)).get(name)
  }

  set(path: string, entry: Entry | undefined): void {
    const [folder, name] = divided(path)
    if (entry) this.#folder(folder).set(name, entry)
    else this.#folder(folder).delete(name)
    this.#changed.add(folder)
  }

  /** What is to be remembered of folders of which something was learnt. */
  learnt(): DigestMemory {
    return Object.fromEntries([...this.#changed].map((folder) => [folder, inText(this.#folder(folder))]))
  }

  #folder(name: string): Folder {
    const known = this.#folders.get(name) ?? understood(this.#read(name))
    this.#folders.set(name, known)
    return known
  }
}

function divided(path: string): [folder: string, name: string] {
  const end = path.lastIndexOf('/')
  return [end < 0 ? '.' : path.slice(0, end), path.slice(end + 1)]
}

const fields = 6

/** Fields are separated by what no name of a file holds. */
function inText(folder: Folder): string {
  return [...folder].map(([name, entry]) => `${name}/${entry.join('/')}`).join('/')
}

/** What a memory holds of a folder, whose name may be that of something which every object has. */
export function textOf(memory: DigestMemory | undefined, folder: string): string | undefined {
  return memory && Object.hasOwn(memory, folder) ? memory[folder] : undefined
}

/** How many files a text tells of. */
export function countIn(text: string): number {
  return text === '' ? 0 : text.split('/').length / fields
}

function understood(text = ''): Folder {
  const folder: Folder = new Map()
  const parts = text === '' ? [] : text.split('/')
  for (let at = 0; at + fields <= parts.length; at += fields) {
    const [name, size, mtimeMs, ctimeMs, inode, digest] = parts.slice(at, at + fields)
    folder.set(name!, [Number(size), Number(mtimeMs), Number(ctimeMs), Number(inode), digest as Digest])
  }
  return folder
}
