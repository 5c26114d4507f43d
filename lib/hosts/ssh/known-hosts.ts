import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** A key line of a known_hosts file. */
export interface KnownHost {
  file: string
  line: number
  marker?: string
  /** Comma-separated names and patterns, or one hashed name. */
  names: string
  type: string
  key: Buffer
}

export type Verdict =
  | { is: 'known' }
  /** `authority`: who vouches for such hosts by certificates, which are nothing to us. */
  | { is: 'unknown'; authority?: KnownHost }
  /** The host is known by other keys only. */
  | { is: 'changed'; known: Buffer }
  | { is: 'revoked'; by: KnownHost }

/** All key lines of these files, in order. A file that does not exist has none. */
export async function readKnownHosts(files: string[]): Promise<KnownHost[]> {
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await textOf(file) })))
  return texts.flatMap(({ file, text }) => parseKnownHosts(text, file))
}

export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined
    const [names, type, blob] = words
    if (!names || names.startsWith('#') || !type || !blob) return []
    return [
      { file, line: index + 1, ...(marker && { marker }), names, type, key: Buffer.from(blob, 'base64') },
    ]
  })
}

/** The name that known_hosts has a host under: with its port unless that is SSH's own. */
export function knownName(address: string, port: number): string {
  return port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`
}

/** What the lines say of a key that the host of that name shows. */
export function judgeKey(lines: KnownHost[], name: string, key: Buffer): Verdict {
  const mine = lines.filter((line) => namesMatch(line.names, name))
  const revoked = mine.find((line) => line.marker === '@revoked' && line.key.equals(key))
  if (revoked) return { is: 'revoked', by: revoked }
  const trusted = mine.filter((line) => !line.marker)
  if (trusted.some((line) => line.key.equals(key))) return { is: 'known' }
  const known = trusted.find((line) => line.type === typeOf(key)) ?? trusted[0]
  if (known) return { is: 'changed', known: known.key }
  const authority = mine.find((line) => line.marker === '@cert-authority')
  return { is: 'unknown', ...(authority && { authority }) }
}

/** The types of the keys that a host is known by. */
export function knownTypes(lines: KnownHost[], name: string): string[] {
  const types = lines.filter((line) => !line.marker && namesMatch(line.names, name)).map(({ type }) => type)
  return [...new Set(types)]
}

/** `SHA256:…`, as `ssh-keygen -lf` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The type that a public key says of itself, in its first field. */
export function typeOf(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')
}

function namesMatch(names: string, name: string): boolean {
  if (names.startsWith('|1|')) return hashMatches(names, name)
  const patterns = names.split(',')
  const matches = (pattern: string) => patternMatches(pattern.toLowerCase(), name)
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern))
}

/** `|1|salt|hash`: the name's HMAC-SHA1 under that salt. */
function hashMatches(hashed: string, name: string): boolean {
  const [salt = '', hash = ''] = hashed.slice(3).split('|')
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function patternMatches(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
