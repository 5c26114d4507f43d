import type { CacheLayout } from '../../../lib/cache/layout.ts'
import { verify } from '../../../lib/cache/verify.ts'
import type { Finding } from '../../../lib/model/cache.ts'

/** All that is wrong with a cache. */
export async function findings(layout: CacheLayout): Promise<Finding[]> {
  const found: Finding[] = []
  for await (const finding of verify(layout)) found.push(finding)
  return found
}
