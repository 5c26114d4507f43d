import type { Digest } from '../model/digest.ts'
import type { Look } from './looks.ts'

/** What is remembered of files from one run to the next: by folder, a text that is only understood when a file of that
 *  folder is asked for. */
export type DigestMemory = Record<string, string>

/** How a file looked when it was read, and its digest. */
export type Entry = [look: Look, digest: Digest]

type Folder = Map<string, Entry>

/** Digests by path: from the root, or absolute. */
export class RememberedDigests {
  readonly #read: (folder: string) => string | undefined
  /** A text is not understood before a file of its folder is asked for. */
  readonly #folders = new Map<string, Folder | string>()
  readonly #changed = new Set<string>()

  /** `read`: what is remembered of a folder. */
  constructor(read: (folder: string) => string | undefined) {
    this.#read = read
  }

  get(path: string): Entry | undefined {
    const [folder, name] = divided(path)
    return this.in(folder).get(name)
  }

  /** By name, what is known of a folder's files. */
  in(folder: string): ReadonlyMap<string, Entry> {
    return this.#folder(folder)
  }

  /** What was remembered before this run. */
  before(path: string): Entry | undefined {
    const [folder, name] = divided(path)
    return filesIn(this.#read(folder)).get(name)
  }

  set(path: string, entry: Entry): void {
    const [folder, name] = divided(path)
    this.setIn(folder, [[name, entry]])
  }

  /** Makes that nothing of it is remembered, whatever an earlier run has learnt. */
  forget(path: string): void {
    const [folder, name] = divided(path)
    this.#folder(folder).delete(name)
    this.#changed.add(folder)
  }

  /** By name, what is now known of a folder's files. */
  setIn(folder: string, entries: Iterable<[name: string, Entry]>): void {
    const known = this.#folder(folder)
    for (const [name, entry] of entries) known.set(name, entry)
    this.#changed.add(folder)
  }

  /** By folder of which something was learnt, what is to be remembered. */
  learnt(): ReadonlyMap<string, string> {
    // No object: V8 copies the names of one each time that it gets another, up to a thousand.
    return new Map([...this.#changed].map((folder) => [folder, this.textIn(folder)!]))
  }

  /** All that is known of a folder's files; undefined where nothing is. */
  textIn(folder: string): string | undefined {
    const known = this.#folders.get(folder) ?? this.#read(folder)
    return known instanceof Map ? inText(known) : known
  }

  /** All that is now known of a folder's files. */
  setText(folder: string, text: string): void {
    this.#folders.set(folder, text)
    this.#changed.add(folder)
  }

  #folder(name: string): Folder {
    const known = this.#folders.get(name) ?? this.#read(name)
    if (known instanceof Map) return known
    const folder = filesIn(known)
    this.#folders.set(name, folder)
    return folder
  }
}

function divided(path: string): [folder: string, name: string] {
  const end = path.lastIndexOf('/')
  return [end < 0 ? '.' : path.slice(0, end), path.slice(end + 1)]
}

/** After each file; neither names nor looks hold two slashes. */
const separator = '//'

export function inText(folder: Folder): string {
  const files: string[] = []
  for (const [name, [look, digest]] of folder) files.push(name, '/', look, '/', digest, separator)
  // Joined, it keeps none of its pieces alive.
  return files.join('')
}

/** What a memory holds of a folder, whose name may be that of something which every object has. */
export function textOf(memory: DigestMemory | undefined, folder: string): string | undefined {
  return memory && Object.hasOwn(memory, folder) ? memory[folder] : undefined
}

/** How many files a text tells of. */
export function countIn(text: string): number {
  return text.split(separator).length - 1
}

/** By name, what a text tells of the files of a folder. */
export function filesIn(text = ''): Folder {
  const folder: Folder = new Map()
  let start = 0
  for (let end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
    const afterName = text.indexOf('/', start)
    const afterLook = text.lastIndexOf('/', end - 1)
    const entry: Entry = [text.slice(afterName + 1, afterLook), text.slice(afterLook + 1, end) as Digest]
    folder.set(text.slice(start, afterName), entry)
    start = end + separator.length
  }
  return folder
}
