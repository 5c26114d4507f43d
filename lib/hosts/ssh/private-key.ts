import { readFile } from 'node:fs/promises'

/** What a file holds that is said to be a private key. */
export type PrivateKey =
  | { is: 'usable'; pem: Buffer }
  | { is: 'absent' }
  | { is: 'unreadable'; why: string }
  | { is: 'encrypted' }
  /** A hardware key (FIDO), whose type starts with `sk-`. */
  | { is: 'security-key'; type: string }

export async function readPrivateKey(path: string): Promise<PrivateKey> {
  try {
    return examine(await readFile(path))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? { is: 'absent' } : { is: 'unreadable', why: message }
  }
}

function examine(pem: Buffer): PrivateKey {
  const text = pem.toString('latin1')
  const openssh = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1]
  if (!openssh) return /ENCRYPTED/.test(text) ? { is: 'encrypted' } : { is: 'usable', pem }
  const { cipher, type } = headerOf(Buffer.from(openssh, 'base64'))
  if (type.startsWith('sk-')) return { is: 'security-key', type }
  return cipher === 'none' ? { is: 'usable', pem } : { is: 'encrypted' }
}

/** `openssh-key-v1\0`, then strings with their length before: cipher, KDF, its options; the number of keys; a public key. */
function headerOf(body: Buffer): { cipher: string; type: string } {
  let at = 'openssh-key-v1\0'.length
  const next = () => {
    const length = body.readUInt32BE(at)
    at += 4 + length
    return body.subarray(at - length, at)
  }
  const cipher = next().toString('latin1')
  next()
  next()
  at += 4
  const publicKey = next()
  return { cipher, type: publicKey.subarray(4, 4 + publicKey.readUInt32BE(0)).toString('latin1') }
}
