/** Paths and globs as authors write them. */

/** What is wrong with a pattern for files of the workspace, or of a host; undefined when nothing is. */
export function patternProblem(pattern: unknown, where: 'workspace' | 'host'): string | undefined {
  if (typeof pattern !== 'string') return `a path must be text, not ${typeof pattern}`
  const path = pattern.replace(/^!/, '')
  if (path === '') return 'a path must not be empty'
  if (/[\0\n\r]/.test(path)) return 'a path must not hold line breaks or NUL'
  if (path.includes('\\')) return 'paths are written with `/`; a backslash would be read as an escape'
  if (path.split('/').includes('..')) return 'a path must not climb with `..`'
  if (where === 'host') return path.startsWith('/') ? undefined : 'a path on a host must be absolute'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path))
    return "a path must be relative to the workspace's root"
  return undefined
}

/** `./a//b/` and `a/b` are the same place. */
export function normalPattern(pattern: string): string {
  const excluded = pattern.startsWith('!')
  const rooted = pattern.replace(/^!/, '').startsWith('/')
  const parts = pattern
    .replace(/^!/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  return `${excluded ? '!' : ''}${rooted ? '/' : ''}${parts.join('/') || '.'}`
}

export function isGlob(pattern: string): boolean {
  return /[*?[\]{}]|[@+!]\(/.test(pattern)
}

/** Whether some path could match both patterns; where that is hard to tell, yes. A plain path also means all below it. */
export function patternsOverlap(a: string, b: string): boolean {
  return segmentsOverlap(segments(a), segments(b))
}

function segments(pattern: string): string[] {
  return isGlob(pattern) ? pattern.split('/') : [...pattern.split('/'), '**']
}

function segmentsOverlap(a: string[], b: string[]): boolean {
  const [first, ...rest] = a
  const [other, ...others] = b
  if (first === undefined && other === undefined) return true
  if (first === '**') return segmentsOverlap(rest, b) || (other !== undefined && segmentsOverlap(a, others))
  if (other === '**') return segmentsOverlap(b, a)
  if (first === undefined || other === undefined) return false
  return segmentOverlaps(first, other) && segmentsOverlap(rest, others)
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
  const wild = /[*?[\]{}()@+!]/
  const start = segment.slice(0, segment.search(wild))
  const reversed = [...segment].reverse().join('')
  return [start, segment.slice(segment.length - reversed.search(wild))]
}
