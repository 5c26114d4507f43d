import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../../lib/hosts/ssh/connect.ts'
import { execute } from '../../../lib/hosts/ssh/exec.ts'
import type { SshSettings } from '../../../lib/hosts/ssh/ssh-settings.ts'
import { sshSettings } from '../../../lib/hosts/ssh/ssh-settings.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'

let sshd: Sshd
let agent: ChildProcess
let socket: string

beforeAll(async () => {
  sshd = await startSshd(['MaxAuthTries 4'])
  socket = join(sshd.folder, 'agent.sock')
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(agent.stdout!, 'data')
  for (let count = 0; count < 6; count++) add(made(`other_${count}`))
})
afterAll(async () => {
  agent?.kill()
  await sshd?.stop()
})

const path = (name: string) => join(sshd.folder, name)
const made = (name: string, passphrase = '') => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', '', '-f', path(name)])
  return path(name)
}
const add = (file: string) =>
  execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
const settings = async (more: Partial<SshSettings>): Promise<SshSettings> => ({
  ...(await sshSettings(sshd.host, sshd.cluster.ssh)),
  ...more,
})

it('offers the configured identity first, lest the server lose its patience with the others', async () => {
  add(made('mine'))
  writeFileSync(path('authorized_keys'), readFileSync(path('mine.pub')))
  rmSync(path('mine'))
  const connection = await connect(
    sshd.host,
    await settings({ agent: socket, identities: [path('mine')], identitiesOnly: false }),
  )
  expect((await execute(connection, 'echo in')).stdout.toString()).toBe('in\n')
  await connection.close()
})

it('is no obstacle when it accepts and never answers', async () => {
  writeFileSync(path('authorized_keys'), readFileSync(path('client_key.pub')))
  const silent = createServer()
  await new Promise<void>((listening) => silent.listen(path('silent.sock'), listening))
  const connection = await connect(sshd.host, await settings({ agent: path('silent.sock') }))
  expect((await execute(connection, 'echo in')).stdout.toString()).toBe('in\n')
  await connection.close()
  silent.close()
})

it('is no obstacle when nobody answers at its socket', async () => {
  writeFileSync(path('authorized_keys'), readFileSync(path('client_key.pub')))
  const connection = await connect(sshd.host, await settings({ agent: path('nobody') }))
  expect((await execute(connection, 'echo in')).stdout.toString()).toBe('in\n')
  await connection.close()
})
