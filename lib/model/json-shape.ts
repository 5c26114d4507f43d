import { type Flaw, flaw, isPlainObject, listOf, named, namedBy } from './shape.ts'

const deepest = 100

/** What can be in a key: JSON, and nothing that JSON would drop or bend. */
export function json(value: unknown): Flaw | undefined {
  return flawIn(value, [])
}

function flawIn(value: unknown, around: unknown[]): Flaw | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : flaw(`is ${value}, which JSON does not have`)
  if (value === undefined) return flaw('is undefined, which JSON does not have', 'Leave it out, or say null.')
  if (around.includes(value)) return flaw('holds itself')
  if (around.length === deepest) return flaw(`is nested more than ${deepest} levels deep`)
  if (!Array.isArray(value) && !isPlainObject(value))
    return flaw(
      `is ${named(value)}, which JSON does not have`,
      'Give text, numbers, true, false, null, arrays and objects of these.',
    )
  const item = (inner: unknown) => flawIn(inner, [...around, value])
  return Array.isArray(value) ? listOf('JSON values', item)(value) : namedBy('JSON values', item)(value)
}
