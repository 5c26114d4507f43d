import type { Digest } from './digest.ts'
import type { Download } from './task.ts'

/** The digest that decides what a download is: it, not the address, enters the key. */
export function digestOfDownload({ sha256, sha1 }: Download): Digest {
  return (sha256 ?? `sha1:${sha1}`) as Digest
}
