export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** JSON with the names of every object in code-unit order: equal values give equal text on every machine. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => (isObject(part) ? inOrder(part) : part))
}

function inOrder(object: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(object)
  const isInOrder = names.every((name, index) => index === 0 || names[index - 1]! < name)
  return isInOrder ? object : Object.fromEntries(Object.entries(object).sort(byName))
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
