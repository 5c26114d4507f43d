import { countExpansions, expandBraces } from './braces.ts'
import { isGlob, normalPattern } from './pattern.ts'
import { wildcardProblem } from './wildcards.ts'

const longest = 4096
const mostAlternatives = 1000
/** What almost all are: names, with a `*` in the last one at most. */
const usual = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*(\/\*[\w.-]*)?$/
const markProblem = '`!` at the start excludes: it stands there once, and a path follows'

/** What is wrong with a pattern for files of the workspace, or of a host; undefined when nothing is. */
export function patternProblem(pattern: string, where: 'workspace' | 'host'): string | undefined {
  if (where === 'workspace' && pattern.length <= longest && usual.test(pattern)) return undefined
  const path = pattern.replace(/^!/, '')
  if (path.length > longest) return `a path must not be longer than ${longest} characters`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are refused
  if (/[\0-\x1f\x7f]/.test(path)) return 'a path must not hold control characters'
  if (path.includes('\\')) return 'paths are written with `/`; a backslash would be read as an escape'
  if (pattern.startsWith('!(')) return markProblem
  if (!isGlob(path)) return placeProblem(path, where)
  if (where === 'host') return placeProblem(path, where) ?? wildcardProblem(path, where)
  if (countExpansions(path) > mostAlternatives)
    return `the braces of a path must not stand for more than ${mostAlternatives} others`
  for (const alternative of expandBraces(path)) {
    const problem = placeProblem(alternative, where) ?? wildcardProblem(alternative, where)
    if (problem) return problem
  }
  return undefined
}

function placeProblem(path: string, where: 'workspace' | 'host'): string | undefined {
  if (path === '') return 'a path must not be empty'
  if (normalPattern(path).startsWith('!')) return markProblem
  if (/(^|[/(|])\.\.($|[/)|])/.test(path)) return 'a path must not climb with `..`'
  if (where === 'host') return path.startsWith('/') ? undefined : 'a path on a host must be absolute'
  return path.startsWith('/') || /^[A-Za-z]:/.test(path)
    ? "a path must be relative to the workspace's root"
    : undefined
}
