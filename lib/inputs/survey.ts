import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { digestOf } from '../model/digest.ts'
import { isGlob } from '../model/pattern.ts'
import { type Reserved, reserved } from './folders.ts'

/** What is remembered from one run to the next, as one document: where to look. */
export interface SurveyMemory {
  schema: 1
  /** From the root. */
  folders: string[]
  /** How many files are wanted of them all. */
  files: number
}

/** What lies in some folders of a workspace, as `find` saw it while the program was loaded: to look at each file again
 *  would take as long as all else. It only tells that nothing was touched. Where there is no `find` that can do this, where
 *  anything is wrong, and for what lies elsewhere, it tells nothing. */
export class Survey {
  /** In ms since the epoch. */
  readonly began = Date.now()
  readonly #folders: string[]
  /** Not all could be looked into. */
  isVain = false
  readonly #finding: Promise<string[] | undefined>
  #isForgotten = false
  readonly #seen = new Map<string, SeenFolder>()
  /** Prints of folders with all below them. */
  readonly #below = new Map<string, string | undefined>()

  /** Begins to look. `temporary`: an absolute path for what is half-written; `signal`: it is given up. */
  constructor(
    root: string,
    { folders, files }: Omit<SurveyMemory, 'schema'>,
    temporary: string,
    signal?: AbortSignal,
  ) {
    this.#folders = folders
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

  /** Waits for what was begun. */
  async end(): Promise<void> {
    const texts = (await this.#finding)?.flatMap((text) => text.slice(start.length - 1).split(start))
    if (!texts || this.#isForgotten) return
    this.isVain = texts.length !== this.#folders.length
    if (this.isVain) return
    for (const [index, folder] of this.#folders.entries())
      if (isOfFolder(texts[index]!)) this.#seen.set(folder, new SeenFolder(folder, texts[index]!))
  }

  /** From now on, things may have changed. */
  forget(): void {
    this.#isForgotten = true
    this.#seen.clear()
    this.#below.clear()
  }

  /** Tells apart all that these patterns may mean, seen from outside: while nothing of it is touched, it stays the same.
   *  Undefined where not all of it was seen. */
  print(patterns: string[], leftOut: Reserved): string | undefined {
    if (this.#seen.size === 0) return undefined
    const prints = [...patterns]
    for (const pattern of patterns) {
      if (pattern.startsWith('!')) continue
      const print = isGlob(pattern)
        ? this.#printOfGlob(pattern, leftOut)
        : this.#printOfPath(pattern, leftOut)
      if (print === undefined) return undefined
      prints.push(print)
    }
    return prints.join('\0')
  }

  #printOfGlob(glob: string, leftOut: Reserved): string | undefined {
    const segments = glob.split('/')
    const wild = segments.findIndex(isGlob)
    const folder = segments.slice(0, wild).join('/') || '.'
    const name = segments[wild]!
    const isBelow = wild < segments.length - 1 || name === '**' || this.#seen.get(folder)?.mayHave(name)
    return isBelow ? this.#printOfAll(folder, leftOut) : this.#seen.get(folder)?.print
  }

  #printOfPath(path: string, leftOut: Reserved): string | undefined {
    const end = path.lastIndexOf('/')
    const line = this.#seen.get(end < 0 ? '.' : path.slice(0, end))?.of(path.slice(end + 1))
    return line === undefined || isOfFolder(line) ? this.#printOfAll(path, leftOut) : line
  }

  /** Of a folder and of all below it. */
  #printOfAll(folder: string, leftOut: Reserved): string | undefined {
    const seen = this.#seen.get(folder)
    if (!seen) return undefined
    if (seen.folders.length === 0) return seen.print
    const known = `${leftOut} ${folder}`
    if (!this.#below.has(known)) this.#below.set(known, this.#printOfFolders(seen, folder, leftOut))
    return this.#below.get(known)
  }

  #printOfFolders(seen: SeenFolder, folder: string, leftOut: Reserved): string | undefined {
    const prints = [seen.print]
    for (const name of seen.folders) {
      if (reserved.includes(name) && (leftOut === 'everywhere' || folder === '.')) continue
      const print = this.#printOfAll(folder === '.' ? name : `${folder}/${name}`, leftOut)
      if (print === undefined) return undefined
      prints.push(print)
    }
    return digestOf(prints.join())
  }
}

/** What was seen in one folder. */
class SeenFolder {
  readonly #text: string
  #print: string | undefined
  #lines: Map<string, string> | undefined

  constructor(folder: string, text: string) {
    const within = text.slice(text.indexOf('\0') + 1)
    // Runs write into `.cache`.
    this.#text = folder === '.' ? within.replaceAll(reservedLine, '') : within
  }

  get print(): string {
    return (this.#print ??= digestOf(this.#text))
  }

  /** True wherever there is something of that name. */
  mayHave(name: string): boolean {
    return this.#text.includes(`/${name}/`)
  }

  /** What was seen of one name. */
  of(name: string): string | undefined {
    this.#lines ??= linesByName(this.#text)
    return this.#lines.get(name)
  }

  get folders(): string[] {
    if (!this.#text.includes('1/d/')) return []
    return this.#text.split('\0').flatMap((line) => (isOfFolder(line.slice(2)) ? line.split('/', 3)[2]! : []))
  }
}

/** Depth, type, name, size, mtime, ctime, inode and mode; no name holds a slash or a NUL. */
const format = '%d/%y/%f/%s/%T@/%C@/%i/%m\\0'

/** Before what is seen of a folder itself, which is followed by what is in it. */
const start = '\x000/'

/** Nothing in these folders, at the root, is an input or an output. */
const reservedLine = new RegExp(
  `1/d/(${reserved.map((name) => name.replace('.', '\\.')).join('|')})/[^\0]*\0?`,
  'g',
)

function linesByName(text: string): Map<string, string> {
  const lines = new Map<string, string>()
  for (const line of text.split('\0')) lines.set(line.slice(4, line.indexOf('/', 4)), line.slice(2))
  return lines
}

function isOfFolder(line: string): boolean {
  return line.startsWith('d/')
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
