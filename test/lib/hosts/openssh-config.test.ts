import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../../lib/hosts/ssh/connect.ts'
import { gateOf } from '../../../lib/hosts/ssh/connect-gate.ts'
import { execute } from '../../../lib/hosts/ssh/exec.ts'
import { sshSettings } from '../../../lib/hosts/ssh/ssh-settings.ts'
import type { Host } from '../../../lib/model/host.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

let near: Sshd
let far: Sshd
let config: string

/** `near` is a host as any other, and those behind it are reached through it. */
beforeAll(async () => {
  ;[near, far] = await Promise.all([startSshd(), startSshd(['MaxStartups 100'])])
  config = join(near.folder, 'config')
  const hostAt = ({ port, folder }: Sshd, names: string) => `Host ${names}
  HostName 127.0.0.1
  Port ${port}
  IdentityFile ${folder}/client_key
`
  writeFileSync(
    config,
    `${hostAt(near, 'near')}
  UserKnownHostsFile ${near.folder}/known_hosts
${hostAt(near, 'aliased')}
  HostKeyAlias The-Near-One
  UserKnownHostsFile ${near.folder}/aliases
${hostAt(far, 'far-*')}
  UserKnownHostsFile ${far.folder}/known_hosts
  ProxyJump near
`,
  )
})
afterAll(() => Promise.all([near?.stop(), far?.stop()]))

const reach = async (name: string, gate = gateOf(8)) => {
  const host: Host = { name, role: 'hosts', address: name, root: '' }
  const settings = await sshSettings(host, {}, ['-F', config])
  return gate(settings, () => connect(host, settings))
}

it('a host is known by its alias alone, and can be accepted under it', async () => {
  const aliases = join(near.folder, 'aliases')
  writeFileSync(aliases, readFileSync(join(near.folder, 'known_hosts')))
  const failure = await failureOf(reach('aliased'))
  const key = readFileSync(join(near.folder, 'host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  const accept = `echo 'the-near-one ${key}' >> ${aliases}`
  expect(failure).toMatchObject({ kind: 'host-key', accept })
  execFileSync('sh', ['-c', accept])
  const connection = await reach('aliased')
  expect((await execute(connection, 'echo there')).stdout.toString()).toBe('there\n')
  await connection.close()
})

it('a host that others are reached through is reached itself beside them', { timeout: 60_000 }, async () => {
  const gate = gateOf(8)
  const behind = Array.from({ length: 15 }, (_, index) => `far-${index}`)
  const connections = await Promise.all([...behind, 'near'].map((name) => reach(name, gate)))
  const ports = await Promise.all(
    connections.map(async (connection) => {
      const { stdout } = await execute(connection, 'printenv SSH_CONNECTION')
      return Number(stdout.toString().split(' ').at(-1))
    }),
  )
  expect(ports).toEqual([...behind.map(() => far.port), near.port])
  await Promise.all(connections.map((connection) => connection.close()))
})
