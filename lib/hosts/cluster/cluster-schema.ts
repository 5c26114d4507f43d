import type { ZodType } from 'zod'

/** What is wrong at a place of the cluster file. */
export interface Issue {
  path: PropertyKey[]
  problem: string
  /** A key that nobody knows, and those that are known there. */
  unknown?: { key: string; known: string[] }
}

/**
 * Checks a value against a schema, and that it holds no key that the schema does not name, also where the schema would
 * drop such keys silently. Issues are added; the value is the schema's, defaults filled in.
 * @param besides keys that the file may have at this level for other reasons: good for suggestions
 */
export function check(
  schema: ZodType | undefined,
  value: unknown,
  at: PropertyKey[],
  issues: Issue[],
  besides: string[] = [],
): unknown {
  const unknown = unknownKeys(schema, value, at, besides)
  issues.push(...unknown)
  if (!schema) return value
  const result = schema.safeParse(value)
  if (result.success) return result.data
  for (const { code, path, message } of result.error.issues)
    if (code !== 'unrecognized_keys') issues.push({ path: [...at, ...path], problem: sentence(message) })
  return undefined
}

function knownKeys(schema: ZodType | undefined): string[] {
  const shape = definition(schema)?.shape
  return shape ? Object.keys(shape) : []
}

/** zod's own words without their start: `expected string, received number`. */
function sentence(message: string): string {
  return message.replace(/^Invalid input: /, '')
}

function unknownKeys(
  schema: ZodType | undefined,
  value: unknown,
  at: PropertyKey[],
  besides: string[] = [],
): Issue[] {
  const inner = definition(schema)
  if (Array.isArray(value))
    return value.flatMap((element, index) => unknownKeys(inner?.element, element, [...at, index]))
  if (typeof value !== 'object' || value === null) return []
  const closed = schema === undefined ? besides.length > 0 : inner?.shape && !inner.catchall
  const known = knownKeys(schema)
  return Object.entries(value).flatMap(([key, part]) => {
    if (known.includes(key)) return unknownKeys(inner?.shape?.[key], part, [...at, key])
    if (!closed) return inner?.valueType ? unknownKeys(inner.valueType, part, [...at, key]) : []
    return [{ path: [...at, key], problem: 'is not known', unknown: { key, known: [...known, ...besides] } }]
  })
}

/** The parts of zod's definition that hold other schemas. */
interface Definition {
  type: string
  shape?: Record<string, ZodType>
  catchall?: ZodType
  element?: ZodType
  valueType?: ZodType
  innerType?: ZodType
  in?: ZodType
}

/** The definition of a schema, without what is wrapped around it: optional, default, nullable, a transformation. */
function definition(schema: ZodType | undefined): Definition | undefined {
  let inner = schema?.def as Definition | undefined
  for (let next = inner && wrapped(inner); next; next = wrapped(inner))
    inner = next.def as unknown as Definition
  // `z.strictObject` is an object with a catch-all that admits nothing.
  if ((inner?.catchall?.def as { type?: string } | undefined)?.type === 'never')
    return { ...(inner as Definition), catchall: undefined }
  return inner
}

function wrapped({ type, innerType, in: input }: Definition): ZodType | undefined {
  return innerType ?? (type === 'pipe' ? input : undefined)
}
