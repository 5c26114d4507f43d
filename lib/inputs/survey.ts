import { spawn } from 'node:child_process'
import { once, setMaxListeners } from 'node:events'
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { digestOf } from '../model/digest.ts'
import { firstWildcard } from '../model/pattern.ts'
import { type Reserved, reserved } from './folders.ts'
import { contentsOf, type DigestsOf, format, SeenFolder, start, type TouchedFolders } from './seen-folder.ts'
import type { SurveyMemory } from './survey-memory.ts'

/** What lies in some folders of a workspace, as `find` saw it while the program was loaded: to look at each file again
 *  would take as long as all else. It only tells that nothing is other than it was. Where there is no `find` that can do
 *  this, where anything is wrong, and for what lies elsewhere, it tells nothing. */
export class Survey {
  /** In ms since the epoch. */
  readonly began = Date.now()
  readonly #folders: string[]
  /** Not all could be looked into. */
  isVain = false
  readonly #finding: Promise<string[] | undefined>
  #isForgotten = false
  readonly #seen = new Map<string, SeenFolder>()
  readonly #held: string[]
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
    this.#folders = folders
    this.#held = held.split(',')
    const worthwhile = Math.min(availableParallelism(), Math.ceil(files / filesOfOne))
    const needed = Math.ceil(folders.reduce((sum, { length }) => sum + length + 16, 0) / longestArguments)
    const finding = shares(folders, Math.max(worthwhile, needed)).map((share) =>
      find(root, share, temporary, signal),
    )
    this.#finding = Promise.all(finding).catch(() => {
      this.isVain = !signal?.aborted
      return undefined
    })
  }

  /** Waits for what was begun. `beginToRead`: gives what reads, for one print, folders that look other than they did. */
  async end(beginToRead: () => DigestsOf): Promise<void> {
    this.#beginToRead = beginToRead
    const texts = (await this.#finding)?.flatMap((text) => text.slice(start.length - 1).split(start))
    if (!texts || this.#isForgotten) return
    this.isVain = texts.length !== this.#folders.length
    if (this.isVain) return
    for (const [index, folder] of this.#folders.entries())
      if (texts[index]!.startsWith('d/')) this.#seen.set(folder, new SeenFolder(folder, index, texts[index]!))
  }

  /** Folders that look other than they did. */
  touched(): TouchedFolders {
    return new Map([...this.#seen].filter(([, seen]) => this.#contentsOf(seen) === undefined))
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
    return this.#contentsOf(seen) ?? this.#learn(folder, seen)
  }

  /** What it holds, where it looks as it did. */
  #contentsOf({ index, look }: SeenFolder): string | undefined {
    const held = this.#held[index]
    return held?.startsWith(look) ? held.slice(look.length + 1) : undefined
  }

  #learn(folder: string, seen: SeenFolder): string {
    const contents = contentsOf(seen.all, this.#digestsOf(folder, seen))
    this.#held[seen.index] = `${seen.look} ${contents}`
    this.#learnt.set(folder, this.#held[seen.index]!)
    return contents
  }
}

/** Fewer are looked at before they are asked for. */
const filesOfOne = 20_000

/** In bytes; the system allows twice as much. */
const longestArguments = 1_000_000

function shares(folders: string[], number: number): string[][] {
  const size = Math.ceil(folders.length / number)
  return Array.from({ length: number }, (_, index) => folders.slice(index * size, (index + 1) * size))
}

let begun = 0

/** Throws where not all could be looked at. What it prints goes into a file: nobody here has the time to read it. */
async function find(
  root: string,
  folders: string[],
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  mkdirSync(temporary, { recursive: true })
  const path = join(temporary, `survey.${process.pid}.${begun++}`)
  const file = openSync(path, 'w+', 0o600)
  try {
    rmSync(path)
    const places = folders.map((folder) => `./${folder}`)
    const finding = spawn('find', [...places, '-maxdepth', '1', '-printf', format], {
      cwd: root,
      stdio: ['ignore', file, 'ignore'],
      ...(signal && { signal, killSignal: 'SIGKILL' }),
    })
    const [code] = await once(finding, 'exit')
    if (code !== 0) throw new Error(`find ended with ${code}`)
    const text = Buffer.allocUnsafe(fstatSync(file).size)
    readSync(file, text, 0, text.length, 0)
    return text.toString()
  } finally {
    closeSync(file)
  }
}
