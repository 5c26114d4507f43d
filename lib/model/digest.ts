import { hash } from 'node:crypto'

/** The SHA-256 of some content: 64 lower-case hex digits. */
export type Digest = string & { readonly digest: unique symbol }

export function digestOf(content: string | Buffer): Digest {
  return hash('sha256', content) as Digest
}

/** True for text that has the form of a digest; what it names may still not exist. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)
}
