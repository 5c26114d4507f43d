import type { Removed, Sort } from '../../model/cache.ts'
import { bytes } from './bytes.ts'
import { count } from './count.ts'
import { inList } from './list.ts'

/** Sorts of files as people call them. That a record was an instance's latest goes without saying. */
const nouns: Record<Exclude<Sort, 'latest'>, [one: string, many: string]> = {
  records: ['record', 'records'],
  blobs: ['content', 'contents'],
  logs: ['log', 'logs'],
  downloads: ['download', 'downloads'],
  memory: ['memory file', 'memory files'],
  temporary: ['leftover of a killed run', 'leftovers of killed runs'],
  foreign: ['foreign file', 'foreign files'],
}

/** `2 records, 5 contents and 1 log: 1.2 MB`; undefined where nothing was removed. */
export function removedInWords({ counts, size }: Removed): string | undefined {
  const parts = Object.entries(nouns).flatMap(([sort, [one, many]]) => {
    const number = counts[sort as Sort]
    return number === 0 ? [] : count(number, one, many)
  })
  return parts.length === 0 ? undefined : `${inList(parts)}: ${bytes(size)}`
}
