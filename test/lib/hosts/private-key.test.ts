import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPrivateKey } from '../../../lib/hosts/ssh/private-key.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const made = (name: string, ...options: string[]) => {
  execFileSync('ssh-keygen', ['-q', '-C', '', '-f', join(folder, name), ...options])
  return join(folder, name)
}

it.each([
  ['OpenSSH', ['-t', 'ed25519']],
  ['PEM', ['-t', 'rsa', '-m', 'PEM']],
  ['PKCS #8', ['-t', 'ecdsa', '-m', 'PKCS8']],
])('tells a usable key from one with a passphrase, in the format of %s', async (format, options) => {
  expect((await readPrivateKey(made(`${format} open`, '-N', '', ...options))).is).toBe('usable')
  expect((await readPrivateKey(made(`${format} locked`, '-N', 'secret', ...options))).is).toBe('encrypted')
})

it('knows a security key, of which the file is only a reference', async () => {
  const field = (text: string) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    return Buffer.concat([length, Buffer.from(text)])
  }
  const publicKey = field('sk-ssh-ed25519@openssh.com').toString('latin1')
  const one = Buffer.from([0, 0, 0, 1])
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(field),
    one,
    field(publicKey),
  ])
  const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`
  writeFileSync(join(folder, 'sk'), pem)
  expect(await readPrivateKey(join(folder, 'sk'))).toEqual({
    is: 'security-key',
    type: 'sk-ssh-ed25519@openssh.com',
  })
})

it('does not take a broken file for a key that can be used', async () => {
  writeFileSync(
    join(folder, 'torn'),
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
  )
  expect((await readPrivateKey(join(folder, 'torn'))).is).toBe('unreadable')
})

it('tells a key that is not there', async () => {
  expect(await readPrivateKey(join(folder, 'none'))).toEqual({ is: 'absent' })
})
