import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Reserved, reserved } from './reserved.ts'
import { walkFolder } from './walk-folder.ts'

/** Names of what is in a folder. */
export interface Entries {
  /** Links are files: they are not followed. */
  files: readonly string[]
  folders: readonly string[]
}

const none: Entries = { files: [], folders: [] }

/** What lies in the folders of a workspace, each read once, when it is first asked for. */
export class Folders {
  readonly #root: string
  readonly #everywhere: boolean
  readonly #read = new Map<string, Entries>()
  readonly #walked = new Map<string, string[]>()

  constructor(root: string, leftOut: Reserved) {
    this.#root = root
    this.#everywhere = leftOut === 'everywhere'
  }

  /** What is in a folder; nothing where no folder is. `.` is the root. */
  in(folder: string): Entries {
    const known = this.#read.get(folder)
    if (known) return known
    const entries = this.#readFolder(folder)
    this.#read.set(folder, entries)
    return entries
  }

  /** All files and links in a folder and in those below it, as paths from that folder. Links are not followed. */
  below(folder: string): string[] {
    const known = this.#walked.get(folder)
    if (known) return known
    const paths = this.#walk(folder)
    this.#walked.set(folder, paths)
    return paths
  }

  #readFolder(folder: string): Entries {
    if (this.#isReserved(folder)) return none
    try {
      const files: string[] = []
      const folders: string[] = []
      for (const entry of readdirSync(`${this.#root}/${folder}`, { withFileTypes: true })) {
        const { name } = entry
        if (reserved.includes(name) && this.#isReserved(`${folder}/${name}`)) continue
        if (entry.isFile() || entry.isSymbolicLink()) files.push(name)
        else if (entry.isDirectory()) folders.push(name)
      }
      return { files, folders }
    } catch (error) {
      if (isNoFolder(error)) return none
      throw error
    }
  }

  #walk(folder: string): string[] {
    if (this.#isReserved(folder)) return []
    const names = this.#everywhere || folder === '.' ? reserved : []
    const anywhere = this.#everywhere ? '**/' : ''
    try {
      return walkFolder(
        join(this.#root, folder),
        names.flatMap((name) => [`${anywhere}${name}`, `${anywhere}${name}/**`]),
      )
    } catch (error) {
      if (isNoFolder(error)) return []
      throw error
    }
  }

  #isReserved(path: string): boolean {
    if (!reserved.some((name) => path.includes(name))) return false
    const names = path.replace(/^\.\//, '').split('/')
    return (this.#everywhere ? names : names.slice(0, 1)).some((name) => reserved.includes(name))
  }
}

function isNoFolder(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
}
