import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../../lib/hosts/ssh/connect.ts'
import { execute } from '../../../lib/hosts/ssh/exec.ts'
import { sshSettings } from '../../../lib/hosts/ssh/ssh-settings.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

let target: Sshd
let jump: Sshd
let config: string

beforeAll(async () => {
  ;[target, jump] = await Promise.all([startSshd(), startSshd()])
  config = join(jump.folder, 'config')
  writeFileSync(
    config,
    `Host target
  HostName 127.0.0.1
  Port ${target.port}
  IdentityFile ${target.folder}/client_key
  UserKnownHostsFile ${target.folder}/known_hosts
  ProxyJump jump
Host jump
  HostName 127.0.0.1
  Port ${jump.port}
  IdentityFile ${jump.folder}/client_key
  UserKnownHostsFile ${jump.folder}/known_hosts
`,
  )
})
afterAll(() => Promise.all([target?.stop(), jump?.stop()]))

const reach = async () => {
  const host = { ...target.host, address: 'target', port: undefined }
  return connect(host, await sshSettings(host, {}, ['-F', config]))
}

it('reaches a host over a jump host of the OpenSSH configuration', async () => {
  const connection = await reach()
  expect((await execute(connection, 'echo there')).stdout.toString()).toBe('there\n')
  await connection.close()
})

it('gives the line to accept for a host that ssh-keyscan cannot reach', async () => {
  const known = join(target.folder, 'known_hosts')
  const line = readFileSync(known, 'utf8')
  writeFileSync(known, '')
  const failure = await failureOf(reach())
  const [name, type, key] = line.split(' ')
  expect(failure).toMatchObject({ kind: 'host-key', accept: `echo '${name} ${type} ${key}' >> ${known}` })
  writeFileSync(known, line)
})

it('says what the jump host complains of when its key is unknown', async () => {
  writeFileSync(join(jump.folder, 'known_hosts'), '')
  appendFileSync(config, 'StrictHostKeyChecking no\n')
  expect(await failureOf(reach())).toMatchObject({
    kind: 'unreachable',
    detail: expect.stringContaining('Host key verification failed'),
  })
})
