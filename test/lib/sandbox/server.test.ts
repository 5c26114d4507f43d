import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

test('short commands one after another are not slowed down by Nagle', async () => {
  const client = await connect((await testHost()).access)
  const commands = Array.from({ length: 30 }, () => () => run(client, 'echo one; echo two >&2'))
  const together = await timeOf(() => Promise.all(commands.map((command) => command())))
  const oneByOne = await timeOf(async () => {
    for (const command of commands) expect(await command()).toMatchObject({ stdout: 'one\n' })
  })
  // With it, each takes 40 ms more than its work.
  expect(oneByOne).toBeLessThan(6 * together)
})

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
