import { statIfThere } from '../disk/stat-if-there.ts'
import { isGlob } from '../model/pattern.ts'
import { Folders } from './folders.ts'
import { globMatcher, listGlob } from './glob.ts'

export interface Found {
  /** Files and links, from the root, in code-unit order. */
  paths: string[]
  /** Declared paths without wildcards where nothing is. */
  missing: string[]
}

/** Finds the files that patterns mean. One finder serves one run: a folder is read once, however many tasks mean it. */
export class FileFinder {
  readonly #root: string
  readonly #isOutput: (path: string) => boolean
  #folders!: Folders
  #found!: WeakMap<string[], Found>

  /** `isOutput`: whether a task makes that path, so that it never matches an input glob. */
  constructor(root: string, isOutput: (path: string) => boolean) {
    this.#root = root
    this.#isOutput = isOutput
    this.forget()
  }

  /** Files may have come since the folders were read. */
  forget(): void {
    this.#folders = new Folders(this.#root, 'everywhere')
    this.#found = new WeakMap()
  }

  inputs(patterns: string[]): Found {
    const known = this.#found.get(patterns)
    if (known) return known
    const { paths, missing } = this.#find(patterns, this.#folders)
    const found = { paths: paths.filter((path) => !this.#isOutput(path)), missing }
    this.#found.set(patterns, found)
    return found
  }

  /** Never from memory: outputs come and go while a run lasts. */
  outputs(patterns: string[]): Found {
    return this.#find(patterns, new Folders(this.#root, 'at the root'))
  }

  #find(patterns: string[], folders: Folders): Found {
    const excluded = patterns.filter(isExclusion)
    const isExcluded =
      excluded.length > 0 ? matcher(excluded.map((pattern) => pattern.slice(1))) : () => false
    const paths: string[] = []
    const missing: string[] = []
    for (const pattern of patterns) {
      if (isExclusion(pattern)) continue
      const matched = this.#expand(pattern, folders)
      if (!matched) missing.push(pattern)
      else for (const path of matched) if (!isExcluded(path)) paths.push(path)
    }
    return { paths: distinct(paths), missing }
  }

  /** Undefined for a plain path where nothing is. A path that exists is itself, whatever characters it has. */
  #expand(pattern: string, folders: Folders): string[] | undefined {
    if (isGlob(pattern) && !isThere(pattern, folders)) return listGlob(pattern, folders)
    const stat = statIfThere(`${this.#root}/${pattern}`)
    if (!stat?.isDirectory()) return stat && [pattern]
    return folders.below(pattern).map((path) => (pattern === '.' ? path : `${pattern}/${path}`))
  }
}

function isThere(path: string, folders: Folders): boolean {
  const end = path.lastIndexOf('/')
  const { files, folders: within } = folders.in(end < 0 ? '.' : path.slice(0, end))
  const name = path.slice(end + 1)
  return files.includes(name) || within.includes(name)
}

/** In code-unit order. */
function distinct(paths: string[]): string[] {
  if (paths.length < 2) return paths
  return paths.sort().filter((path, index) => path !== paths[index - 1])
}

function isExclusion(pattern: string): boolean {
  return pattern.startsWith('!')
}

/** True for paths that one of the patterns means; what is named as it is written means all below it, too; `!` excludes. */
export function matcher(patterns: string[]): (path: string) => boolean {
  const excluded = patterns.filter(isExclusion)
  const means = matcherOf(patterns.filter((pattern) => !isExclusion(pattern)))
  if (excluded.length === 0) return means
  const isExcluded = matcherOf(excluded.map((pattern) => pattern.slice(1)))
  return (path) => means(path) && !isExcluded(path)
}

/** True for paths that one of several lists means: what one of them excludes may still be meant by another. */
export function matcherOfAny(lists: string[][]): (path: string) => boolean {
  const excludes = (list: string[]) => list.some(isExclusion)
  const means = matcher(lists.filter((list) => !excludes(list)).flat())
  const others = lists.filter(excludes).map(matcher)
  return (path) => means(path) || others.some((means) => means(path))
}

function matcherOf(patterns: string[]): (path: string) => boolean {
  const names = new Set(patterns)
  const matching = patterns.filter(isGlob).map(globMatcher)
  return (path) => isOrLiesBelow(path, names) || matching.some((matches) => matches(path))
}

function isOrLiesBelow(path: string, places: Set<string>): boolean {
  if (places.size === 0) return false
  if (places.has('.')) return true
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
    if (places.has(path.slice(0, end))) return true
  return false
}
