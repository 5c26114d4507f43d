import { differing } from './differing.ts'
import { inText, isObject, type Json } from './json.ts'
import { inside } from './place.ts'

/** One place inside of a value, and what is there: as text, absent where nothing is. */
export interface ValueChange {
  name: string
  before?: string
  after?: string
}

/** The innermost places at which two values differ. Lists of different lengths differ as a whole: their items may have moved. */
export function differenceOfValues(before: Record<string, Json>, after: Record<string, Json>): ValueChange[] {
  const changes: ValueChange[] = []
  const open: [place: string, was: Record<string, Json>, is: Record<string, Json>, listed: boolean][] = [
    ['', before, after, false],
  ]
  for (const [place, was, is, listed] of open) {
    for (const one of differing(was, is)) {
      const name = inside(place, listed ? Number(one.name) : one.name)
      if (sameShape(one.was, one.is))
        open.push([name, { ...(one.was as object) }, { ...(one.is as object) }, Array.isArray(one.is)])
      else
        changes.push({
          name,
          ...('was' in one && { before: inText(one.was as Json) }),
          ...('is' in one && { after: inText(one.is as Json) }),
        })
    }
  }
  return changes
}

function sameShape(was: unknown, is: unknown): boolean {
  if (Array.isArray(was) && Array.isArray(is)) return was.length === is.length
  return isObject(was) && isObject(is)
}
