import { type Flaw, flaw, isPlainObject, named, within } from './shape.ts'

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
  const parts = Array.isArray(value) ? Array.from(value).entries() : Object.entries(value)
  for (const [part, inner] of parts) {
    const found = flawIn(inner, [...around, value])
    if (found) return within(part, found)
  }
  return undefined
}
