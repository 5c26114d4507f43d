export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** JSON with the names of every object in code-unit order: equal values give equal text on every machine. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(byName))
      : part,
  )
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
