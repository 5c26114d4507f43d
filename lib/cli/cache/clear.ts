import { clear as clearCache } from '../../cache/clear.ts'
import { cacheLayout } from '../../cache/layout.ts'
import { removedInWords } from '../../report/words/removed.ts'
import { print } from '../output.ts'
import { complainOf } from './complain-of.ts'
import type { CacheRequest } from './request.ts'
import { storingSince } from './storing-since.ts'

/** Removes everything. */
export async function clear({ root }: CacheRequest): Promise<number> {
  const layout = cacheLayout(root)
  const cleared = clearCache(layout, storingSince(layout.lock).since)
  const removed = removedInWords(cleared)
  const otherwise = cleared.findings.length > 0 ? 'Nothing was removed.\n' : 'The cache is empty already.\n'
  print(removed ? `Removed ${removed}.\n` : otherwise)
  return complainOf(cleared.findings, root)
}
