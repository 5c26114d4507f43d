/** `a`, `a and b`, `a, b and c`; beyond `most` items: `a, b, c and 4 more`. */
export function inList(items: readonly string[], most = Number.POSITIVE_INFINITY): string {
  const more = items.length - most
  if (more > 0) return `${items.slice(0, most).join(', ')} and ${more} more`
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** The same with every item as code. */
export function inCode(items: readonly string[], most?: number): string {
  return inList(
    items.map((item) => `\`${item}\``),
    most,
  )
}
