export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** JSON with the names of every object in code-unit order: equal values give equal text on every machine. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(byName)) : part,
  )
}

/** A value for people to read: text is bare unless it would read as something else, or not be seen. */
export function inText(value: Json): string {
  return typeof value === 'string' && isPlain(value) ? value : canonicalJson(value)
}

/** An object with names, as JSON has them. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function isPlain(text: string): boolean {
  return (
    /^[^\s\p{C}"'`[{]+( [^\s\p{C}"'`]+)*$/u.test(text) &&
    !/^(null|true|false|unset|-?\d+(\.\d+)?)$/.test(text)
  )
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
