import { expandBraces } from './braces.ts'
import { isGlob, normalPattern } from './pattern.ts'
import { patternProblem } from './pattern-problem.ts'
import { type Flaw, flaw, listOf, named, type Shape } from './shape.ts'

type Where = 'workspace' | 'host'

/** Paths and globs that are read, or brought home. */
export function paths(where: Where): Shape {
  return list(pathOn(where))
}

/** What is among the outputs is removed before the task runs: nothing else may be meant. */
export function outputPaths(where: Where): Shape {
  const path = pathOn(where)
  return list((value) => path(value) ?? outputFlaw(value as string, where))
}

/** What is brought home goes by its own name: nothing is excluded. */
export function broughtHome(value: unknown): Flaw | undefined {
  return listOf('paths', (item) => pathOn('host')(item) ?? exclusionFlaw(item as string))(value)
}

/** One folder of the workspace in which outputs may be. */
export function outputFolder(value: unknown): Flaw | undefined {
  const found = pathOn('workspace')(value) ?? exclusionFlaw(value as string)
  if (found) return found
  if (isGlob(value as string)) return flaw(`is ${named(value)}: it must be one folder`)
  return normalPattern(value as string) === '.' ? undefined : outputFlaw(value as string, 'workspace')
}

/** Outputs of a needed task: of the workspace or of a host. At least one, or nothing would be needed. */
export function neededPaths(value: unknown): Flaw | undefined {
  const anywhere = path((pattern) => patternProblem(pattern.replace(/^(!?)\//, '$1'), 'workspace'))
  const found = list(anywhere)(value)
  return found ?? ((value as string[]).length === 0 ? flaw('must name outputs') : undefined)
}

function pathOn(where: Where): Shape {
  return path((pattern) => patternProblem(pattern, where))
}

function path(problemOf: (pattern: string) => string | undefined): Shape {
  return (value) => {
    if (typeof value !== 'string') return flaw(`must be a path, not ${named(value)}`)
    const problem = problemOf(value)
    return problem === undefined ? undefined : flaw(`is ${named(value)}: ${problem}`)
  }
}

function list(item: Shape): Shape {
  const all = listOf('paths', item)
  return (value) => {
    const found = all(value)
    if (found) return found
    const given = value as string[]
    return given.length > 0 && given.every(isExclusion)
      ? flaw('excludes, but names nothing', 'Name what is meant, too.')
      : undefined
  }
}

function outputFlaw(value: string, where: Where): Flaw | undefined {
  if (isExclusion(value)) return undefined
  for (const one of expandBraces(value)) {
    const path = normalPattern(one)
    if (/^[/.*?]*$/.test(path))
      return flaw(
        `is ${named(value)}: that is everything`,
        'Name what the task makes: all else there is removed.',
      )
    const reserved = where === 'workspace' && /(^|\/)(\.cache|\.git|node_modules)($|\/)/.exec(path)
    if (reserved)
      return flaw(
        `is ${named(value)}: ${reserved[2]} is no place for outputs`,
        'Choose another folder, such as `build`.',
      )
  }
  return undefined
}

function exclusionFlaw(value: string): Flaw | undefined {
  return isExclusion(value) ? flaw(`is ${named(value)}: nothing can be excluded here`) : undefined
}

function isExclusion(value: string): boolean {
  return value.startsWith('!')
}
