/** `{a,b}/c` → `a/c`, `b/c`, as shells do it. Braces without a comma are text. */
export function expandBraces(pattern: string): string[] {
  const group = firstGroup(pattern)
  if (!group) return [pattern]
  const tails = expandBraces(group.tail)
  return group.parts.flatMap(expandBraces).flatMap((part) => tails.map((tail) => group.head + part + tail))
}

/** How many patterns that would make. */
export function countExpansions(pattern: string): number {
  const group = firstGroup(pattern)
  if (!group) return 1
  const parts = group.parts.reduce((sum, part) => sum + countExpansions(part), 0)
  return parts * countExpansions(group.tail)
}

interface Group {
  head: string
  parts: string[]
  tail: string
}

function firstGroup(pattern: string): Group | undefined {
  for (let start = pattern.indexOf('{'); start >= 0; start = pattern.indexOf('{', start + 1)) {
    const cuts = cutsOf(pattern, start)
    if (cuts.length < 3) continue
    const [end] = cuts.slice(-1)
    return {
      head: pattern.slice(0, start),
      parts: cuts.slice(1).map((cut, index) => pattern.slice(cuts[index]! + 1, cut)),
      tail: pattern.slice(end! + 1),
    }
  }
  return undefined
}

/** Where the brace opens, its own commas, where it closes; nothing when it does not close. */
function cutsOf(pattern: string, start: number): number[] {
  const cuts = [start]
  let depth = 0
  for (let place = start; place < pattern.length; place++) {
    const char = pattern[place]
    if (char === '{') depth++
    if (char === '}') depth--
    if (depth === 0) return [...cuts, place]
    if (char === ',' && depth === 1) cuts.push(place)
  }
  return []
}
