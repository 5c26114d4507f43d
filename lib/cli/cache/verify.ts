import { cacheLayout } from '../../cache/layout.ts'
import { verify as verifyCache } from '../../cache/verify.ts'
import { count } from '../../report/words/count.ts'
import { findingInWords } from '../../report/words/finding.ts'
import { print } from '../output.ts'
import type { CacheRequest } from './request.ts'

/** Tells each finding as soon as it is met: reading everything may take long. */
export async function verify({ root }: CacheRequest): Promise<number> {
  let found = 0
  for await (const finding of verifyCache(cacheLayout(root))) {
    found += 1
    print(`${findingInWords(finding, root)}\n`)
  }
  print(found === 0 ? 'The cache is whole.\n' : `${count(found, 'finding')}.\n`)
  return found === 0 ? 0 : 1
}
