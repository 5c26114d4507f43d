import { mkdtempSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Host } from '../../../lib/model/host.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import { EngineRig } from '../../rig/engine.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'

let sshd: Sshd
let grave: Server
let knocks = 0

beforeAll(async () => {
  sshd = await startSshd()
  grave = createServer(() => knocks++)
  await new Promise<void>((listening) => grave.listen(0, '127.0.0.1', listening))
})
afterAll(async () => {
  grave?.close()
  await sshd?.stop()
})

/** A master and two slaves that live, and as many slaves as asked for that accept connections and say nothing. */
const fleetWithDead = (count: number): Fleet => {
  const { port } = grave.address() as AddressInfo
  const living = (name: string, role: string): Host => ({
    ...sshd.host,
    name,
    role,
    root: mkdtempSync(join(sshd.host.root, `${name}-`)),
  })
  const dead = Array.from({ length: count }, (_, index) => ({
    ...living(`dead-${index + 1}`, 'slaves'),
    port,
  }))
  const slaves = [living('slave-1', 'slaves'), living('slave-2', 'slaves'), ...dead]
  return openFleet({ ...sshd.cluster, hosts: { master: [living('master', 'master')], slaves } })
}

it('is knocked at a single time, and has no say while others of its role answer', async () => {
  const rig = new EngineRig()
  rig.fleet = fleetWithDead(3)
  const run = async () => {}
  rig.task({ name: 'first', on: 'slaves', run })
  rig.task({ name: 'second', on: 'slaves', run })
  const facts = { kernel: { command: 'uname -s', role: 'slaves' } }
  rig.task({ name: 'ask', on: 'master', inputs: { facts }, run })
  const { statuses, failures } = await rig.run(['first', 'second', 'ask'], { keepGoing: true })
  expect(statuses).toMatchObject({ 'first@slave-1': 'ran', 'second@slave-2': 'ran', 'ask@master': 'ran' })
  expect(failures).toMatchObject(
    Object.fromEntries(
      ['first@dead-1', 'second@dead-2', 'second@dead-3'].map((instance) => [
        instance,
        { kind: 'unreachable', host: instance.split('@')[1], detail: 'no answer within 8 s' },
      ]),
    ),
  )
  expect(knocks).toBe(3)
  await rig.fleet.close()
})
