import { setMaxListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import { type Digest, digestOf } from '../model/digest.ts'
import { firstWildcard } from '../model/pattern.ts'
import { type Reserved, reserved } from './reserved.ts'
import { runFind } from './run-find.ts'
import { contentsOf, type DigestsOf, SeenFolder, start, type TouchedFolder } from './seen-folder.ts'
import type { SurveyMemory } from './survey-memory.ts'

/** Reads what a survey that began at that time sees touched. */
interface Reader {
  asSeen(began: number): DigestsOf
  readTouched(
    touched: AsyncIterable<TouchedFolder[]>,
    began: number,
    tell: (path: string, contents: Digest) => void,
  ): Promise<void>
}

interface Share {
  folders: string[]
  /** What `find` told of them; undefined where it could not look at all. */
  told: Promise<string | undefined>
}

/** What lies in some folders of a workspace, as `find` saw it while the program was loaded: to look at each file again
 *  would take as long as all else. It only tells that nothing is other than it was. Where there is no `find` that can do
 *  this, where one found anything wrong, and of what lies elsewhere, it tells nothing. */
export class Survey {
  /** In ms since the epoch. */
  readonly began = Date.now()
  readonly #shares: Share[]
  readonly #signal: AbortSignal | undefined
  /** Not all could be looked into. */
  isVain = false
  #isForgotten = false
  readonly #seen = new Map<string, SeenFolder>()
  /** By folder, how it looked and what it then held. */
  readonly #held = new Map<string, string>()
  readonly #learnt = new Map<string, string>()
  #beginToRead: () => DigestsOf = () => () => []
  #digestsOf: DigestsOf = () => []
  /** Prints of folders with all below them. */
  readonly #below = new Map<string, string | undefined>()

  /** Begins to look. `temporary`: an absolute path for what is half-written; `signal`: it is given up. */
  constructor(
    root: string,
    { folders, files, held = '' }: Omit<SurveyMemory, 'schema'>,
    temporary: string,
    signal?: AbortSignal,
  ) {
    if (signal) setMaxListeners(0, signal)
    this.#signal = signal
    const known = held.split(',')
    for (const [index, folder] of folders.entries()) this.#held.set(folder, known[index] ?? '')
    const worthwhile = Math.min(availableParallelism(), Math.ceil(files / filesOfOne))
    const needed = Math.ceil(folders.reduce((sum, { length }) => sum + length + 16, 0) / longestArguments)
    this.#shares = shares(folders, Math.max(worthwhile, needed)).map((folders) => ({
      folders,
      told: runFind(root, folders, temporary, signal).catch(() => undefined),
    }))
  }

  /** Waits for what was begun. `reader`: reads folders that look other than they did. */
  async end(reader: Reader): Promise<void> {
    this.#beginToRead = () => reader.asSeen(this.began)
    await reader.readTouched(this.#touched(), this.began, (path, contents) => this.#tell(path, contents))
  }

  /** Folders that look other than they did, as soon as they are seen. */
  async *#touched(): AsyncGenerator<TouchedFolder[]> {
    for (const share of this.#shares) {
      const told = (await share.told)?.slice(start.length - 1).split(start)
      if (this.#isForgotten) return
      if (told?.length !== share.folders.length) {
        this.isVain = !this.#signal?.aborted
        return
      }
      const touched: TouchedFolder[] = []
      for (const [index, path] of share.folders.entries()) {
        if (!told[index]!.startsWith('d/')) continue
        const seen = new SeenFolder(path, told[index]!)
        this.#seen.set(path, seen)
        if (this.#contentsOf(path, seen) === undefined) touched.push({ path, told: seen.told })
      }
      yield touched
    }
  }

  #tell(path: string, contents: Digest): void {
    const seen = this.#seen.get(path)
    if (seen) this.#learn(path, seen, contents)
  }

  looksInto(folder: string): boolean {
    return this.#held.has(folder)
  }

  /** From now on, things may have changed. */
  forget(): void {
    this.#isForgotten = true
    this.#seen.clear()
    this.#below.clear()
  }

  /** By folder, what is new of how it looks and what it holds. */
  learnt(): ReadonlyMap<string, string> {
    return this.#learnt
  }

  /** Tells apart all that these patterns may mean: while nothing of it is touched, or what was in folders that are meant
   *  holds the same, it stays the same. Undefined where not all of it was seen. */
  print(patterns: string[], leftOut: Reserved): string | undefined {
    if (this.#seen.size === 0) return undefined
    this.#digestsOf = this.#beginToRead()
    let prints = ''
    for (const pattern of patterns) {
      prints += `${pattern}\0`
      if (pattern.startsWith('!')) continue
      const wild = firstWildcard(pattern)
      const print = wild < 0 ? this.#printOfPath(pattern, leftOut) : this.#printOfGlob(pattern, wild, leftOut)
      if (print === undefined) return undefined
      prints += `${print}\0`
    }
    return prints
  }

  #printOfGlob(glob: string, wild: number, leftOut: Reserved): string | undefined {
    const end = glob.lastIndexOf('/', wild)
    const folder = end < 0 ? '.' : glob.slice(0, end)
    const name = glob.slice(end + 1)
    const isBelow = name.includes('/') || name === '**' || this.#seen.get(folder)?.mayHave(name)
    return isBelow ? this.#printOfAll(folder, leftOut) : this.#printOf(folder)
  }

  #printOfPath(path: string, leftOut: Reserved): string | undefined {
    const end = path.lastIndexOf('/')
    const seen = this.#seen.get(end < 0 ? '.' : path.slice(0, end))?.of(path.slice(end + 1))
    if (!seen || seen.type === 'd') return this.#printOfAll(path, leftOut)
    return `${seen.type}/${seen.mode}/${seen.look}`
  }

  /** Of a folder and of all below it. */
  #printOfAll(folder: string, leftOut: Reserved): string | undefined {
    const seen = this.#seen.get(folder)
    if (!seen) return undefined
    if (seen.folders.length === 0) return this.#printOf(folder)
    const known = `${leftOut} ${folder}`
    if (!this.#below.has(known)) this.#below.set(known, this.#printOfFolders(seen, folder, leftOut))
    return this.#below.get(known)
  }

  #printOfFolders(seen: SeenFolder, folder: string, leftOut: Reserved): string | undefined {
    const prints = [this.#printOf(folder)]
    for (const name of seen.folders) {
      if (reserved.includes(name) && (leftOut === 'everywhere' || folder === '.')) continue
      const print = this.#printOfAll(folder === '.' ? name : `${folder}/${name}`, leftOut)
      if (print === undefined) return undefined
      prints.push(print)
    }
    return digestOf(prints.join())
  }

  #printOf(folder: string): string | undefined {
    const seen = this.#seen.get(folder)
    if (!seen) return undefined
    const known = this.#contentsOf(folder, seen)
    return known ?? this.#learn(folder, seen, contentsOf(seen.all, this.#digestsOf(folder, seen)))
  }

  /** What it holds, where it looks as it did. */
  #contentsOf(folder: string, { look }: SeenFolder): string | undefined {
    const held = this.#held.get(folder)
    return held?.startsWith(look) ? held.slice(look.length + 1) : undefined
  }

  #learn(folder: string, { look }: SeenFolder, contents: Digest): Digest {
    const held = `${look} ${contents}`
    this.#held.set(folder, held)
    this.#learnt.set(folder, held)
    return contents
  }
}

/** Fewer are looked at before they are asked for. */
const filesOfOne = 20_000

/** In bytes; the system allows twice as much. */
const longestArguments = 1_000_000

function shares(folders: string[], number: number): string[][] {
  const size = Math.ceil(folders.length / number)
  const all = Array.from({ length: number }, (_, index) => folders.slice(index * size, (index + 1) * size))
  return all.filter((share) => share.length > 0)
}
