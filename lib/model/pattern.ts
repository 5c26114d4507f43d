/** Paths and globs as authors write them. */

import { expandBraces } from './braces.ts'

/** `./a//b/` and `a/b` are the same place. */
export function normalPattern(pattern: string): string {
  const excluded = pattern.startsWith('!')
  const path = pattern.replace(/^!/, '')
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return `${excluded ? '!' : ''}${path.startsWith('/') ? '/' : ''}${parts.join('/') || '.'}`
}

export function isGlob(pattern: string): boolean {
  return /[*?[\]{}]|[@+!]\(/.test(pattern)
}

/** Whether some path could match both patterns; where that is hard to tell, yes. A plain path also means all below it. */
export function patternsOverlap(a: string, b: string): boolean {
  const others = segmentLists(b)
  return segmentLists(a).some((some) => others.some((other) => segmentsOverlap(some, other)))
}

function segmentLists(pattern: string): string[][] {
  const itself = [...pattern.split('/'), '**']
  if (!isGlob(pattern)) return [itself]
  const matching = expandBraces(pattern).map((one) => normalPattern(one).split('/'))
  const mayBeName = matching.length === 1 && !/[*?]/.test(pattern) // `[id]`
  return mayBeName ? [...matching, itself] : matching
}

/** By a table of the ends of both lists: looking at each way in turn would take for ever where there are many `**`. */
function segmentsOverlap(a: string[], b: string[]): boolean {
  let below = b.map(() => false).concat(true)
  for (let j = b.length - 1; j >= 0; j--) below[j] = isAnything(b[j]!) && below[j + 1]!
  for (const segment of a.toReversed()) {
    const here = below.map(() => false)
    for (let j = b.length; j >= 0; j--) {
      const other = b[j]
      if (isAnything(segment)) here[j] = below[j]! || (j < b.length && here[j + 1]!)
      else if (other === undefined) here[j] = false
      else if (isAnything(other)) here[j] = here[j + 1]! || below[j]!
      else here[j] = below[j + 1]! && segmentOverlaps(segment, other)
    }
    below = here
  }
  return below[0]!
}

function isAnything(segment: string): boolean {
  return segment === '**'
}

/** Compares two path segments by the fixed text before and after their first and last wildcard. */
function segmentOverlaps(a: string, b: string): boolean {
  if (!isGlob(a) && !isGlob(b)) return a === b
  const [startA, endA] = fixedEnds(a)
  const [startB, endB] = fixedEnds(b)
  return (
    (startA.startsWith(startB) || startB.startsWith(startA)) && (endA.endsWith(endB) || endB.endsWith(endA))
  )
}

function fixedEnds(segment: string): [string, string] {
  if (!isGlob(segment)) return [segment, segment]
  const wild = /[*?[\]{}()@+!|]/
  const start = segment.slice(0, segment.search(wild))
  const reversed = [...segment].reverse().join('')
  return [start, segment.slice(segment.length - reversed.search(wild))]
}
