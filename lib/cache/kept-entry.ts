import { hashFileNow } from '../disk/hash-file.ts'
import type { CacheLayout } from './layout.ts'
import { type OnFault, readIfThere } from './read.ts'
import { readSealed } from './sealed.ts'

/** What is kept beside a workspace's compiled entry. */
export interface KeptEntry {
  schema: 1
  /** The compiled entry itself and all that it was made from, by absolute path: a digest, where a link leads, or null where
   *  nothing was. */
  files: Record<string, string | null>
}

/** Tells when the compiled entry is not what was kept. Of one of which nothing is known, nothing can be said. */
export function checkEntry({ compiled, entry }: CacheLayout, onFault: OnFault): void {
  const kept = readSealed<KeptEntry>(entry, () => {})?.files[compiled]
  const found = kept && readIfThere(compiled, hashFileNow, onFault)
  if (found && found !== kept) onFault(compiled, 'it is not what `entry.json` says', 'damaged')
}
