import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { isGlob } from '../model/pattern.ts'
import { type Reserved, reserved } from './reserved.ts'
import type { Outside } from './signatures.ts'

/** What is remembered from one run to the next, as one document: where to look. */
export interface SurveyMemory {
  schema: 1
  /** From the root. */
  folders: string[]
  /** How many files are wanted of them all. */
  files: number
}

/** What lies in some folders of a workspace, as `find` saw it beside the start of the program: to look at each file again
 *  would take as long as all else. It only tells that nothing was touched. Where there is no `find` that can do this, where
 *  anything is wrong, and for what lies elsewhere, it tells nothing. */
export class Survey {
  readonly #folders: string[]
  /** Not all could be looked into. */
  isVain = false
  readonly #finding: Promise<string[] | undefined>
  #seen = new Map<string, Seen>()

  /** Begins to look. `temporary`: an absolute path for what is half-written. */
  constructor(root: string, { folders, files }: Omit<SurveyMemory, 'schema'>, temporary: string) {
    this.#folders = folders
    const processes = Math.min(availableParallelism(), Math.ceil(files / filesOfOne))
    const finding = shares(folders, processes).map((share) => find(root, share, temporary))
    this.#finding = Promise.all(finding).catch(() => undefined)
  }

  /** Waits for what was begun. */
  async end(): Promise<void> {
    const texts = (await this.#finding)?.flatMap((text) => text.slice(start.length - 1).split(start)) ?? []
    this.isVain = texts.length !== this.#folders.length
    if (this.isVain) return
    for (const [index, folder] of this.#folders.entries())
      if (isOfFolder(texts[index]!)) this.#seen.set(folder, new Seen(texts[index]!))
  }

  /** From now on, things may have changed. False where nothing was known any more. */
  forget(): boolean {
    const isKnown = this.#seen.size > 0
    this.#seen.clear()
    return isKnown
  }

  /** What is in a folder, as paths from there; undefined where that was not seen. */
  in(folder: string): ReadonlyMap<string, Outside> | undefined {
    return this.#seen.get(folder)?.entries
  }

  /** Undefined where that was not seen, or nothing was there. */
  outside(path: string): Outside | undefined {
    const end = path.lastIndexOf('/')
    return this.in(end < 0 ? '.' : path.slice(0, end))?.get(path.slice(end + 1))
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
    const prints = [seen.print]
    for (const name of seen.folders) {
      const path = folder === '.' ? name : `${folder}/${name}`
      if (reserved.includes(name) && (leftOut === 'everywhere' || folder === '.')) continue
      const print = this.#printOfAll(path, leftOut)
      if (print === undefined) return undefined
      prints.push(print)
    }
    return prints.join('\0')
  }
}

/** What was seen in one folder. */
class Seen {
  readonly #text: string
  #print: string | undefined
  #lines: Map<string, string> | undefined
  #entries: Map<string, Outside> | undefined

  constructor(text: string) {
    this.#text = text.slice(text.indexOf('\0') + 1)
  }

  get print(): string {
    return (this.#print ??= hash('sha256', this.#text, 'base64'))
  }

  /** True wherever there is something of that name. */
  mayHave(name: string): boolean {
    return this.#text.includes(`/${name}/`)
  }

  /** What was seen of one name. */
  of(name: string): string | undefined {
    this.#lines ??= new Map(this.#each((line) => [line.slice(2, line.indexOf('/', 2)), line]))
    return this.#lines.get(name)
  }

  get folders(): string[] {
    if (!this.#text.includes('1/d/')) return []
    return this.#each((line) => line)
      .filter(isOfFolder)
      .map((line) => line.slice(2, line.indexOf('/', 2)))
  }

  /** Undefined where something is no file, link or folder, has a name that cannot be read, or is from before 1970. */
  get entries(): ReadonlyMap<string, Outside> | undefined {
    if (this.#entries) return this.#entries
    if (/\uFFFD|\/-|(^|\0)1\/[^fld]/.test(this.#text)) return undefined
    return (this.#entries = new Map(this.#each(entryOf)))
  }

  /** Each line without the depth, which is 1. */
  #each<T>(of: (line: string) => T): T[] {
    return this.#text.split('\0').flatMap((line) => (line === '' ? [] : [of(line.slice(2))]))
  }
}

function entryOf(line: string): [name: string, outside: Outside] {
  const [type, name, size, mtime, ctime, inode, mode] = line.split('/')
  const mtimeMs = inMs(mtime!)
  const outside = {
    size: Number(size),
    mtimeMs,
    ctimeMs: ctime === mtime ? mtimeMs : inMs(ctime!),
    ino: Number(inode),
    mode: types[type!]! | Number.parseInt(mode!, 8),
  }
  return [name!, outside]
}

const types: Record<string, number> = { f: constants.S_IFREG, d: constants.S_IFDIR, l: constants.S_IFLNK }

/** As Node makes it of seconds and nanoseconds; `find` gives ten decimals of a second. */
function inMs(seconds: string): number {
  const point = seconds.indexOf('.')
  return Number(seconds.slice(0, point)) * 1000 + Number(seconds.slice(point + 1, point + 10)) / 1e6
}

/** Depth, type, name, size, mtime, ctime, inode and mode; no name holds a slash or a NUL. */
const format = '%d/%y/%f/%s/%T@/%C@/%i/%m\\0'

/** Before what is seen of a folder itself, which is followed by what is in it. */
const start = `\0${'0/'}`

function isOfFolder(line: string): boolean {
  return line.startsWith('d/')
}

/** Fewer are looked at before they are asked for. */
const filesOfOne = 20_000

function shares(folders: string[], number: number): string[][] {
  const size = Math.ceil(folders.length / number)
  return Array.from({ length: number }, (_, index) => folders.slice(index * size, (index + 1) * size))
}

let begun = 0

/** Throws where not all could be looked at. What it prints goes into a file: nobody here has the time to read it. */
async function find(root: string, folders: string[], temporary: string): Promise<string> {
  mkdirSync(temporary, { recursive: true })
  const path = join(temporary, `survey.${process.pid}.${begun++}`)
  const file = openSync(path, 'w+', 0o600)
  try {
    rmSync(path)
    const places = folders.map((folder) => `./${folder}`)
    const finding = spawn('find', [...places, '-maxdepth', '1', '-printf', format], {
      cwd: root,
      stdio: ['ignore', file, 'ignore'],
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
