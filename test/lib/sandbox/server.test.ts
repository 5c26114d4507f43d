import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { ensureKey, readPublicKey } from '../../../lib/sandbox/keys.ts'
import { connect, run, testHost } from './rig.ts'

test('only the sandbox client key is let in', async () => {
  const { outside, access } = await testHost()
  ensureKey(join(outside, 'stranger'), 'stranger')
  const stranger = readFileSync(join(outside, 'stranger'))
  await expect(connect({ ...access, privateKey: stranger })).rejects.toThrow(/authentication methods failed/)
  await expect(connect({ ...access, privateKey: undefined, password: 'guess' })).rejects.toThrow(
    /authentication methods failed/,
  )
  await expect(connect({ ...access, username: 'somebody-else' })).rejects.toThrow(
    /authentication methods failed/,
  )
})

test('knowing the public key is not enough', async () => {
  const { outside, clientKey, access } = await testHost()
  ensureKey(join(outside, 'stranger'), 'stranger')
  const claimed = ssh2.utils.parseKey(readPublicKey(clientKey)) as ssh2.ParsedKey
  const actual = ssh2.utils.parseKey(readFileSync(join(outside, 'stranger'))) as ssh2.ParsedKey
  const impostor = new (class extends ssh2.BaseAgent<ssh2.ParsedKey> {
    getIdentities(done: ssh2.IdentityCallback<ssh2.ParsedKey>) {
      done(null, [claimed])
    }
    sign(_key: unknown, data: Buffer, options: unknown, done?: ssh2.SignCallback) {
      const callback = (done ?? options) as ssh2.SignCallback
      callback(null, actual.sign(data) as unknown as Buffer)
    }
  })()
  await expect(connect({ ...access, privateKey: undefined, agent: impostor })).rejects.toThrow(
    /authentication methods failed/,
  )
})

test('the host shows its own key', async () => {
  const { access, hostKey } = await testHost()
  let shown = ''
  await connect({
    ...access,
    hostVerifier: (key: Buffer) => {
      shown = `ssh-ed25519 ${key.toString('base64')}`
      return true
    },
  })
  expect(shown).toBe(readPublicKey(hostKey))
})

test('closing drops every connection and stops listening', async () => {
  const { server, access } = await testHost()
  const client = await connect(access)
  const closed = once(client, 'close')
  await server.close()
  await closed
  await expect(connect(access)).rejects.toThrow(/ECONNREFUSED/)
})

test('a hundred small round trips are not slowed down by Nagle', async () => {
  const client = await connect((await testHost()).access)
  const sftp = await new Promise<ssh2.SFTPWrapper>((resolve, reject) =>
    client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))),
  )
  const began = performance.now()
  for (let index = 0; index < 100; index++) await promisify(sftp.stat).call(sftp, '.')
  // With it, a round trip takes 40 ms.
  expect(performance.now() - began).toBeLessThan(1500)
  expect(await run(client, 'echo still here')).toMatchObject({ stdout: 'still here\n' })
})
