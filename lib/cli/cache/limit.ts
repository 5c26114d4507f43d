import { parseSize } from '../../model/size.ts'
import type { MainOptions } from '../main-options.ts'

/** How large the cache may grow, in bytes. */
export function cacheLimit({ cache }: MainOptions): number {
  return parseSize(cache?.maxSize ?? '10GB') as number
}
