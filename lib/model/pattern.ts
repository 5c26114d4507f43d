/** Paths and globs as authors write them. */

import { expandBraces } from './braces.ts'

/** `./a//b/` and `a/b` are the same place. */
export function normalPattern(pattern: string): string {
  if (!/^!|(^|\/)\.?(\/|$)/.test(pattern)) return pattern
  const excluded = pattern.startsWith('!')
  const path = pattern.replace(/^!/, '')
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return `${excluded ? '!' : ''}${path.startsWith('/') ? '/' : ''}${parts.join('/') || '.'}`
}

export function isGlob(pattern: string): boolean {
  return firstWildcard(pattern) >= 0
}

/** Where a pattern's first wildcard is; -1 in a plain path. */
export function firstWildcard(pattern: string): number {
  return pattern.search(/[*?[\]{}]|[@+!]\(/)
}

/** Whether some path could match both patterns; where that is hard to tell, yes. A plain path also means all below it. */
export function patternsOverlap(a: string, b: string): boolean {
  const [startA, startB] = [fixedStart(a), fixedStart(b)]
  if (!startA.startsWith(startB) && !startB.startsWith(startA)) return false
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

/** Remembers what it has found: where there are many `**`, looking again would take for ever. */
function segmentsOverlap(a: string[], b: string[]): boolean {
  const known = new Map<string, boolean>()
  const overlapFrom = (i: number, j: number): boolean => {
    const place = `${i} ${j}`
    const found = known.get(place) ?? look(i, j)
    known.set(place, found)
    return found
  }
  const look = (i: number, j: number): boolean => {
    const [one, other] = [a[i], b[j]]
    if (one === undefined && other === undefined) return true
    if (one === '**') return overlapFrom(i + 1, j) || (other !== undefined && overlapFrom(i, j + 1))
    if (other === '**') return overlapFrom(i, j + 1) || (one !== undefined && overlapFrom(i + 1, j))
    if (one === undefined || other === undefined) return false
    return segmentOverlaps(one, other) && overlapFrom(i + 1, j + 1)
  }
  return overlapFrom(0, 0)
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
  return isGlob(segment)
    ? [untilWildcard(segment), reversed(untilWildcard(reversed(segment)))]
    : [segment, segment]
}

/** What all that a pattern matches begins with. */
export function fixedStart(pattern: string): string {
  return isGlob(pattern) ? untilWildcard(pattern) : pattern
}

function untilWildcard(glob: string): string {
  return glob.slice(0, glob.search(/[*?[\]{}()@+!|]/))
}

function reversed(text: string): string {
  return [...text].reverse().join('')
}
