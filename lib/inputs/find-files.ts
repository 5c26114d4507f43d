import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isGlob } from '../model/pattern.ts'
import { globMatcher, listFolder, listGlob } from './glob.ts'
import { statIfThere } from './stat-if-there.ts'

/** Folders that no input ever comes from, and at the root no output. */
const reserved = ['.cache', '.git', 'node_modules']
const neverInputs = reserved.flatMap((name) => [`**/${name}`, `**/${name}/**`])
const neverOutputs = reserved.flatMap((name) => [name, `${name}/**`])

export interface Found {
  /** Files and links, from the root, in code-unit order. */
  paths: string[]
  /** Declared paths without wildcards where nothing is. */
  missing: string[]
}

/** Finds the files that patterns mean. One finder serves one run: a pattern is walked once, however many tasks declare it. */
export class FileFinder {
  readonly #root: string
  readonly #isOutput: (path: string) => boolean
  readonly #walked = new Map<string, string[]>()

  /** `isOutput`: whether a task makes that path, so that it never matches an input glob. */
  constructor(root: string, isOutput: (path: string) => boolean) {
    this.#root = root
    this.#isOutput = isOutput
  }

  /** Files may have come since the folders were walked. */
  forget(): void {
    this.#walked.clear()
  }

  inputs(patterns: string[]): Found {
    const found = this.#find(patterns, neverInputs, this.#walked)
    return { ...found, paths: found.paths.filter((path) => !this.#isOutput(path)) }
  }

  /** Never from memory: outputs come and go while a run lasts. */
  outputs(patterns: string[]): Found {
    return this.#find(patterns, neverOutputs, new Map())
  }

  #find(patterns: string[], ignore: string[], walked: Map<string, string[]>): Found {
    const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
    const isExcluded = matcher(excluded)
    const paths = new Set<string>()
    const missing: string[] = []
    for (const pattern of patterns) {
      if (pattern.startsWith('!')) continue
      const matched = this.#expand(pattern, ignore, walked)
      if (matched) for (const path of matched) !isExcluded(path) && paths.add(path)
      else missing.push(pattern)
    }
    return { paths: [...paths].sort(), missing }
  }

  /** Undefined for a plain path where nothing is. A path that exists is itself, whatever characters it has. */
  #expand(pattern: string, ignore: string[], walked: Map<string, string[]>): string[] | undefined {
    const path = join(this.#root, pattern)
    const stat = isGlob(pattern) && !existsSync(path) ? undefined : statIfThere(path)
    if (!stat && !isGlob(pattern)) return undefined
    if (stat && !stat.isDirectory()) return [pattern]
    const known = walked.get(pattern)
    const list = stat ? listFolder : listGlob
    const paths = known ?? list(pattern, this.#root, ignore)
    walked.set(pattern, paths)
    return paths
  }
}

/** True for paths that one of the patterns means; what is named as it is written means all below it, too; `!` excludes. */
export function matcher(patterns: string[]): (path: string) => boolean {
  const excluded = patterns.filter((pattern) => pattern.startsWith('!'))
  const means = matcherOf(patterns.filter((pattern) => !pattern.startsWith('!')))
  if (excluded.length === 0) return means
  const isExcluded = matcherOf(excluded.map((pattern) => pattern.slice(1)))
  return (path) => means(path) && !isExcluded(path)
}

/** True for paths that one of several lists means: what one of them excludes may still be meant by another. */
export function matcherOfAny(lists: string[][]): (path: string) => boolean {
  const excludes = (list: string[]) => list.some((pattern) => pattern.startsWith('!'))
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
