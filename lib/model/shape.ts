import { isObject } from './json.ts'
import { nearest } from './nearest.ts'
import { inside } from './place.ts'
import { legible, said, unreadable } from './said.ts'

/** What is wrong with something that an author wrote. */
export interface Flaw {
  /** Where inside of it: `files[2]`; empty for the whole. */
  place: string
  /** What comes after its name: `must be …`, `is missing`. */
  problem: string
  advice?: string
}

/** Looks at any value at all, and finds what is wrong with it, if anything is. */
export type Shape = (value: unknown) => Flaw | undefined

export function mustBe(expected: string, test: (value: unknown) => boolean): Shape {
  return (value) => (test(value) ? undefined : flaw(`must be ${expected}, not ${named(value)}`))
}

export const yesOrNo = mustBe('true or false', (value) => typeof value === 'boolean')

export const aFunction = mustBe('a function', (value) => typeof value === 'function')

export function text(expected: string, form: RegExp): Shape {
  return mustBe(expected, (value) => typeof value === 'string' && form.test(value))
}

export function wholeNumber(least: number, most: number): Shape {
  return mustBe(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  )
}

/** What may be a function of `{ config, host, hosts }` is looked at when it has been applied. */
export function orFunction(shape: Shape): Shape {
  return (value) => (typeof value === 'function' ? undefined : shape(value))
}

export function listOf(expected: string, item: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return flaw(`must be an array of ${expected}, not ${named(value)}`)
    for (let index = 0; index < value.length; index++) {
      const found = item(value[index])
      if (found) return within(index, found)
    }
    return undefined
  }
}

export function namedBy(expected: string, item: Shape): Shape {
  return (value) => {
    if (!isPlainObject(value)) return flaw(`must be an object of ${expected}, not ${named(value)}`)
    const { parts, flaw: untellable } = partsOf(value)
    if (untellable) return untellable
    for (const name of Object.keys(parts)) {
      const found = item(parts[name])
      if (found) return within(name, found)
    }
    return undefined
  }
}

/** An object with these fields and no others. What is undefined counts as left out. */
export function fields(shapes: Record<string, Shape>, required: string[] = []): Shape {
  const known = new Map(Object.entries(shapes))
  return (value) => {
    if (!isPlainObject(value)) return flaw(`must be an object, not ${named(value)}`)
    const { parts, flaw: untellable } = partsOf(value)
    if (untellable) return untellable
    const names = Object.keys(parts)
    for (const name of names)
      if (!known.has(name))
        return { place: inside('', name), problem: 'is not known', advice: suggest(name, [...known.keys()]) }
    for (const name of required) if (parts[name] === undefined) return { place: name, problem: 'is missing' }
    for (const name of names) {
      const part = parts[name]
      const found = part === undefined ? undefined : known.get(name)!(part)
      if (found) return within(name, found)
    }
    return undefined
  }
}

export function flaw(problem: string, advice?: string): Flaw {
  return { place: '', problem, ...(advice !== undefined && { advice }) }
}

/** Of what throws when it is asked for. */
export function untold(thrown: unknown): Flaw {
  const error = legible(thrown)
  const words =
    error instanceof Error
      ? said(error) || 'it threw an error without words'
      : `it threw ${error === unreadable ? error : named(error)}`
  return flaw(`could not be told: ${words}`)
}

/** The same flaw, seen from outside: what is at `level` is at `flags.level`. */
export function within(part: string | number, { place, ...rest }: Flaw): Flaw {
  return { ...rest, place: joined(inside('', part), place) }
}

/** The place of a place. */
export function joined(outer: string, place: string): string {
  return place === '' || place.startsWith('[') ? `${outer}${place}` : `${outer}.${place}`
}

export function suggest(name: string, known: string[]): string {
  const [meant] = nearest(name, known)
  return meant === undefined ? `Known are: ${known.join(', ') || 'none'}.` : `Did you mean \`${meant}\`?`
}

/** An object that was written as one, no instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** What is in an object, asked for once where all can be told, and what is wrong with the first part that cannot. */
export function partsOf(value: Record<string, unknown>): { parts: Record<string, unknown>; flaw?: Flaw } {
  try {
    return { parts: { ...value } }
  } catch {
    return tellableParts(value)
  }
}

function tellableParts(value: Record<string, unknown>) {
  const parts: [string, unknown][] = []
  const flaws: Flaw[] = []
  for (const name of Object.keys(value)) {
    try {
      parts.push([name, value[name]])
    } catch (thrown) {
      flaws.push(within(name, untold(thrown)))
    }
  }
  return { parts: Object.fromEntries(parts), ...(flaws[0] && { flaw: flaws[0] }) }
}

/** What a value is, for a sentence: `a Date`, `5`, `"x"`. Whatever it is, asking does no harm. */
export function named(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return value.length <= 60 ? JSON.stringify(value) : 'a long text'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'an array'
  if (isPlainObject(value)) return 'an object'
  return `a ${Object.prototype.toString.call(value).slice('[object '.length, -1)}`
}
