import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { ensureKey, readPublicKey } from '../../../lib/sandbox/keys.ts'
import { temporaryFolder } from './rig.ts'

test('a key is made once, for its owner only, and OpenSSH can read it', () => {
  const path = join(temporaryFolder(), 'keys', 'one')
  ensureKey(path, 'comment')
  const made = readFileSync(path, 'utf8')
  ensureKey(path, 'another')
  expect(readFileSync(path, 'utf8')).toBe(made)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(execFileSync('ssh-keygen', ['-y', '-f', path], { encoding: 'utf8' })).toContain(readPublicKey(path))
})

test('every key can be used, though some that ssh2 generates cannot', () => {
  const folder = temporaryFolder()
  // One in two hundred is unusable: of six hundred, hardly ever none.
  for (let index = 0; index < 600; index++) {
    const path = join(folder, `key-${index}`)
    ensureKey(path, 'comment')
    const key = ssh2.utils.parseKey(readFileSync(path)) as ssh2.ParsedKey
    const known = ssh2.utils.parseKey(readPublicKey(path)) as ssh2.ParsedKey
    const signature = key.sign(Buffer.from('text'))
    expect(known.verify(Buffer.from('text'), signature)).toBe(true)
  }
})
