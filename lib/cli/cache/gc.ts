import { collect } from '../../cache/collect.ts'
import { cacheLayout } from '../../cache/layout.ts'
import { bytes } from '../../report/words/bytes.ts'
import { removedInWords } from '../../report/words/removed.ts'
import { print } from '../output.ts'
import { complainOf } from './complain-of.ts'
import type { CacheRequest } from './request.ts'
import { storingSince } from './storing-since.ts'

/** Removes what was least recently used. */
export async function gc({ root, limit, maxSize, maxAge }: CacheRequest): Promise<number> {
  const layout = cacheLayout(root)
  const { since, isGoing } = storingSince(layout.lock)
  const most = maxSize ?? (maxAge === undefined ? limit : undefined)
  const collected = collect(layout, {
    ...(most !== undefined && { maxSize: most }),
    ...(maxAge !== undefined && { usedSince: Date.now() - maxAge }),
    spare: since,
  })
  const { left } = collected
  const removed = removedInWords(collected)
  print(removed ? `Removed ${removed}.\n` : 'Nothing was removed.\n')
  print(`Left: ${bytes(left)}${most === undefined ? '' : `, at most ${bytes(most)} are wanted`}.\n`)
  if (most !== undefined && left > most && isGoing)
    print('What the run that is going has stored stays until it has ended.\n')
  return complainOf(collected.findings, root)
}
