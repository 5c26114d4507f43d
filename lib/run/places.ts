import { posix } from 'node:path'
import { fixedStart } from '../model/pattern.ts'

/** The folder that all surely lies in that a pattern means. */
export function placeOf(pattern: string): string {
  return posix.dirname(`${fixedStart(pattern)}…`)
}

/** `.`, `a/b` and `a` of `a/b`. */
export function atAndAbove(path: string): string[] {
  const places = path === '.' ? [] : ['.']
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) places.push(path.slice(0, end))
  return places
}
