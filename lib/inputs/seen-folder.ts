import { type Digest, digestOf } from '../model/digest.ts'
import { type Look, format as look } from './looks.ts'
import { reserved } from './reserved.ts'

/** What `find` prints of everything: depth, type, mode, name and how it looks. No name holds a slash or a NUL. */
export const format = `%d/%y/%m/%f/${look}\\0`

/** Before what is seen of a folder itself, which is followed by what is in it. */
export const start = '\x000/'

/** Nothing in these folders, at the root, is an input or an output. */
const reservedLine = new RegExp(
  `1/d/[^/]*/(${reserved.map((name) => name.replace('.', '\\.')).join('|')})/[^\0]*\0?`,
  'g',
)

/** Something in a folder. */
export interface Seen {
  /** `f`, `d`, `l` and others: a letter of `find`. */
  type: string
  mode: string
  name: string
  look: Look
}

/** The digests of all that was seen in a folder; undefined for what is not known. */
export type DigestsOf = (path: string, folder: SeenFolder) => (Digest | undefined)[]

/** A folder in which something looks other than it did. */
export interface TouchedFolder {
  /** From the root. */
  path: string
  /** What `find` told of it. */
  told: string
}

/** What was seen in one folder. */
export class SeenFolder {
  /** Of the folder and of all in it, as `find` printed it. */
  readonly told: string
  readonly #itself: string
  readonly #text: string
  #look: Digest | undefined
  #all: Seen[] | undefined
  #byName: Map<string, Seen> | undefined

  constructor(folder: string, told: string) {
    this.told = told
    const end = told.indexOf('\0')
    this.#itself = told.slice(0, end)
    const within = told.slice(end + 1)
    // Runs write into `.cache`.
    this.#text = folder === '.' ? within.replaceAll(reservedLine, '') : within
  }

  /** Tells apart how all in the folder looks from outside. */
  get look(): Digest {
    return (this.#look ??= digestOf(this.#text))
  }

  /** True wherever there is something of that name. */
  mayHave(name: string): boolean {
    return this.#text.includes(`/${name}/`)
  }

  of(name: string): Seen | undefined {
    this.#byName ??= new Map(this.all.map((seen) => [seen.name, seen]))
    return this.#byName.get(name)
  }

  get itself(): Seen {
    return understood(`0/${this.#itself}`)
  }

  get all(): Seen[] {
    return (this.#all ??= this.#text.split('\0').filter(Boolean).map(understood))
  }

  get folders(): string[] {
    if (!this.#text.includes('1/d/')) return []
    return this.all.flatMap(({ type, name }) => (type === 'd' ? [name] : []))
  }
}

function understood(line: string): Seen {
  const afterMode = line.indexOf('/', 4)
  const afterName = line.indexOf('/', afterMode + 1)
  return {
    type: line.charAt(2),
    mode: line.slice(4, afterMode),
    name: line.slice(afterMode + 1, afterName),
    look: line.slice(afterName + 1),
  }
}

/** Tells apart what things hold, where a digest tells that, and how they look where none does. What folders hold is not
 *  theirs: it is seen in them. */
export function contentsOf(things: Seen[], digests: (Digest | undefined)[]): Digest {
  const held = things.map(({ type, mode, name, look }, index) =>
    type === 'd' ? `d/${name}` : `${type}/${mode}/${name}/${digests[index] ?? look}`,
  )
  // What lies in a folder has no order: another file in the place of one may be listed first.
  return digestOf(held.sort().join('\0'))
}
