import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Makes an ed25519 key pair: `path` and `path.pub`. Gives the public key as OpenSSH writes it: `ssh-ed25519 AAAA…`. */
export async function makeKey(path: string): Promise<string> {
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path])
  return (await readFile(`${path}.pub`, 'utf8')).trim()
}
