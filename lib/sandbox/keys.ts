import { existsSync, readFileSync } from 'node:fs'
import type { ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'
import { writeWhole } from './write-whole.ts'

/** Makes an ed25519 key pair at `path` and `path.pub`, readable by its owner only, unless there is one. */
export function ensureKey(path: string, comment: string): void {
  if (existsSync(path) && existsSync(`${path}.pub`)) return
  const pair = soundPair(comment)
  writeWhole(`${path}.pub`, `${pair.public}\n`, 0o600)
  writeWhole(path, pair.private, 0o600)
}

/** `ssh-ed25519 AAAA…`, as in an `authorized_keys` or `known_hosts` file. */
export function readPublicKey(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ')
}

/** About one in two hundred pairs that ssh2 generates cannot be read back, or signs what does not verify. */
function soundPair(comment: string): ssh2.utils.KeyPairReturn {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    if (isSound(pair)) return pair
  }
}

function isSound(pair: ssh2.utils.KeyPairReturn): boolean {
  const key = ssh2.utils.parseKey(pair.private)
  const publicKey = ssh2.utils.parseKey(pair.public)
  if (isError(key) || isError(publicKey)) return false
  const text = Buffer.from('signed by the sandbox')
  const signature: unknown = key.sign(text)
  return Buffer.isBuffer(signature) && publicKey.verify(text, signature) === true
}

function isError(key: ParsedKey | Error): key is Error {
  return key instanceof Error
}
