import { expect, test } from 'vitest'
import { Failed } from '../../../lib/model/failure.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import { EngineRig } from '../../rig/engine.ts'
import { Machine, MadeUpFleet } from './made-up-fleet.ts'

/** A fleet whose host `dead` says nothing until it is given up. */
function withDead(roles: Record<string, string[]>) {
  const machines = Object.fromEntries(
    Object.values(roles).flatMap((names) => names.map((name) => [name, new Machine()])),
  )
  const madeUp = new MadeUpFleet(machines, roles, 'debian-12-x86_64')
  let giveUp = () => {}
  const grave = new Promise<never>((_, reject) => {
    giveUp = () =>
      reject(new Failed({ kind: 'unreachable', host: 'dead', address: '', detail: 'it is dead' }))
  })
  const fleet: Fleet = {
    hosts: madeUp.hosts,
    session: (host) => (host.name === 'dead' ? grave : madeUp.session(host)),
    lease: madeUp.lease,
    silence: (host) => (host.name === 'dead' ? Promise.resolve() : new Promise(() => {})),
    close: async () => {},
  }
  return { fleet, giveUp, machines }
}

test('a host that does not say a word takes no slot, and nobody waits for what it would say of itself', async () => {
  const rig = new EngineRig()
  const { fleet, giveUp, machines } = withDead({ master: ['master'], slaves: ['dead', 'one', 'two'] })
  rig.fleet = fleet
  for (const machine of Object.values(machines)) machine.files['/etc/zone'] = 'north'
  const living = new Set(['distribute one', 'distribute two', 'start master'])
  const run = async ({ host }: { host: { name: string } }, task: string) => {
    living.delete(`${task} ${host.name}`)
    if (living.size === 0) giveUp()
  }
  rig.task({ name: 'distribute', on: 'slaves', run: (context) => run(context, 'distribute') })
  const facts = { zone: { file: '/etc/zone', role: 'slaves' } }
  rig.task({ name: 'start', on: 'master', inputs: { facts }, run: (context) => run(context, 'start') })
  const { statuses } = await rig.run(['distribute', 'start'], { keepGoing: true, forks: 1 })
  expect(statuses).toEqual({
    'distribute@one': 'ran',
    'distribute@two': 'ran',
    'distribute@dead': 'failed',
    'start@master': 'ran',
  })
})

test('a role of which nobody answers is waited for', async () => {
  const rig = new EngineRig()
  const { fleet, giveUp } = withDead({ master: ['master'], slaves: ['dead'] })
  rig.fleet = fleet
  const facts = { zone: { file: '/etc/zone', role: 'slaves' } }
  rig.task({ name: 'start', on: 'master', inputs: { facts }, run: async () => {} })
  rig.task({ name: 'here', run: async () => giveUp() })
  const { failures } = await rig.run(['start', 'here'], { keepGoing: true })
  expect(failures['start@master']).toMatchObject({ kind: 'unreachable', detail: 'it is dead' })
})
