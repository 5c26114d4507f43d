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

let target: Sshd
let bastion: Sshd
let config: string

/** The bastion has the MaxStartups that sshd has by default: it turns away some of more than ten newcomers. */
beforeAll(async () => {
  ;[target, bastion] = await Promise.all([startSshd(['MaxStartups 100']), startSshd()])
  config = join(bastion.folder, 'config')
  const way = `ssh -F ${config} -o BatchMode=yes -W %h:%p bastion`
  writeFileSync(
    config,
    `Host bastion
  HostName 127.0.0.1
  Port ${bastion.port}
  IdentityFile ${bastion.folder}/client_key
  UserKnownHostsFile ${bastion.folder}/known_hosts
Match originalhost jump-*
  ProxyJump bastion
Match originalhost command-*
  ProxyCommand ${way} # %n
Match originalhost broken
  ProxyCommand echo "the tunnel is closed" >&2
Match originalhost silent
  ProxyCommand true
Host !bastion *
  HostName 127.0.0.1
  Port ${target.port}
  HostKeyAlias target
  IdentityFile ${target.folder}/client_key
  UserKnownHostsFile ${target.folder}/known_aliases
`,
  )
  const [, ...key] = readFileSync(join(target.folder, 'known_hosts'), 'utf8').split(' ')
  writeFileSync(join(target.folder, 'known_aliases'), `target ${key.join(' ')}`)
})
afterAll(() => Promise.all([target?.stop(), bastion?.stop()]))

const hostNamed = (name: string): Host => ({ name, role: 'hosts', address: name, root: target.host.root })
const reach = async (name: string, gate = gateOf(8)) => {
  const host = hostNamed(name)
  const settings = await sshSettings(host, {}, ['-F', config])
  return gate(settings, () => connect(host, settings))
}

it.each(['jump', 'command'])(
  'reaches forty hosts behind one bastion by %s',
  { timeout: 60_000 },
  async (way) => {
    const gate = gateOf(8)
    const connections = await Promise.all(
      Array.from({ length: 40 }, (_, index) => reach(`${way}-${index}`, gate)),
    )
    const answers = await Promise.all(connections.map((connection) => execute(connection, 'echo there')))
    expect(answers.map(({ stdout }) => stdout.toString())).toEqual(connections.map(() => 'there\n'))
    await Promise.all(connections.map((connection) => connection.close()))
  },
)

it('says what a proxy complains of, at once', async () => {
  expect(await failureOf(reach('broken'))).toMatchObject({
    kind: 'unreachable',
    detail: 'the tunnel is closed',
  })
})

it('tries a proxy again that ends without a word', async () => {
  expect(await failureOf(reach('silent'))).toMatchObject({
    kind: 'unreachable',
    detail: 'what connects to it ended without a word',
  })
})
