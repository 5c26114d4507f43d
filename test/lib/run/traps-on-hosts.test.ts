import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'
import { Machine, MadeUpFleet } from './made-up-fleet.ts'

/** `configure` writes a file on every slave, from what it says of itself; `start` reads that file as a fact. */
function slaves(...names: string[]) {
  const rig = new EngineRig()
  const machines: Record<string, Machine> = {}
  const join = (...members: string[]) => {
    for (const name of members) machines[name] ??= new Machine()
    rig.fleet = new MadeUpFleet(machines, { slaves: members }, 'debian-12-x86_64')
  }
  join(...names)
  const breaking = new Set<string>()
  const value = { level: 1 }
  const configure = rig.task({
    name: 'configure',
    on: 'slaves',
    inputs: { facts: { zone: { file: '/etc/zone' } }, values: () => ({ level: value.level }) },
    outputs: { files: ['/srv/config'] },
    run: async ({ host, facts }) => {
      if (breaking.has(host.name)) throw new Error('it is broken')
      await host.exec(['write', '/srv/config', `zone ${facts.zone}`])
    },
  })
  const start = rig.task({
    name: 'start',
    on: 'slaves',
    needs: [configure],
    inputs: { facts: { config: { file: '/srv/config' } } },
    run: async () => {},
  })
  rig.task({ name: 'report', needs: [configure, start], run: async () => {} })
  return { rig, machines, join, breaking, value }
}

test('what a host says before a needed task has run is no promise of what comes', async () => {
  const { rig, machines } = slaves('one')
  await rig.run(['start'])
  machines.one!.files['/srv/config'] = 'by hand'
  expect(await rig.look(['start'])).toMatchObject({
    'configure@one': { status: 'ran' },
    'start@one': { status: 'unknown', reasons: [{ kind: 'waits-for', task: 'configure@one' }] },
  })
  expect((await rig.run(['start'])).statuses).toEqual({ 'configure@one': 'ran', 'start@one': 'up-to-date' })
})

test('what a needed task has just made on a host is what the next one reads there', async () => {
  const { rig, machines } = slaves('one')
  await rig.run(['start'])
  machines.one!.files['/etc/zone'] = 'north'
  const { reasons } = await rig.run(['start'])
  expect(reasons['start@one']).toContainEqual(
    expect.objectContaining({ kind: 'fact-changed', after: 'zone north' }),
  )
})

test('a host that was reinstalled is deployed to anew, the others are left alone', async () => {
  const { rig, machines } = slaves('one', 'two')
  await rig.run(['report'])
  Object.assign(machines.two!, new Machine())
  expect((await rig.run(['report'])).statuses).toEqual({
    'configure@one': 'up-to-date',
    'configure@two': 'ran',
    'start@one': 'up-to-date',
    'start@two': 'ran',
    report: 'up-to-date',
  })
})

test('a host that comes or goes is nothing new to the others', async () => {
  const { rig, join } = slaves('one')
  await rig.run(['report'])
  join('one', 'two')
  expect((await rig.run(['report'])).statuses).toMatchObject({
    'configure@one': 'up-to-date',
    'configure@two': 'ran',
  })
  join('two')
  expect((await rig.run(['report'])).statuses).toEqual({
    'configure@two': 'up-to-date',
    'start@two': 'up-to-date',
    report: 'up-to-date',
  })
})

test('of many hosts that made the same path, everything different counts, once', async () => {
  const { rig, machines } = slaves('one', 'two', 'three')
  const statusIn = async (zones: Record<string, string>) => {
    for (const [name, zone] of Object.entries(zones)) machines[name]!.files['/etc/zone'] = zone
    return (await rig.run(['report'])).statuses.report
  }
  await statusIn({ one: 'north', two: 'north', three: 'north' })
  expect(await statusIn({ three: 'south' })).toBe('ran')
  expect(await statusIn({ two: 'south' })).toBe('up-to-date')
  expect(await statusIn({ one: 'south' })).toBe('ran')
})

test('a host on which a task failed does not claim any more what it had done before', async () => {
  const { rig, breaking, value } = slaves('one')
  await rig.run(['start'])
  value.level = 2
  breaking.add('one')
  expect((await rig.run(['start'])).statuses).toEqual({ 'configure@one': 'failed', 'start@one': 'blocked' })
  value.level = 1
  breaking.clear()
  expect((await rig.look(['configure']))['configure@one']!.status).toBe('ran')
  expect((await rig.run(['start'])).statuses).toEqual({ 'configure@one': 'ran', 'start@one': 'up-to-date' })
})

test('a name of a host is in no key: a host that is renamed is up to date', async () => {
  const { rig, machines, join } = slaves('one')
  await rig.run(['start'])
  machines.renamed = machines.one!
  join('renamed')
  expect((await rig.run(['start'])).statuses).toEqual({
    'configure@renamed': 'up-to-date',
    'start@renamed': 'up-to-date',
  })
})

test('what is lost at home does not hide that what a task started has died', async () => {
  const rig = new EngineRig()
  const machine = new Machine()
  rig.fleet = new MadeUpFleet({ one: machine }, { slaves: ['one'] }, 'debian-12-x86_64')
  rig.task({
    name: 'serve',
    on: 'slaves',
    outputs: { files: ['/srv/log'] },
    collect: { files: ['/srv/log'] },
    probe: async ({ host }) =>
      (await host.ask(['test', '/proc/serve'])).exitCode === 0
        ? []
        : [{ kind: 'probe-failed', detail: 'it is dead' }],
    run: async ({ host }) => {
      await host.exec(['write', '/srv/log', 'started'])
      await host.exec(['write', '/proc/serve', 'alive'])
    },
  })
  await rig.run(['serve'])
  const forget = () => rmSync(join(rig.root, 'dist/log'))
  forget()
  expect((await rig.run(['serve'])).statuses).toEqual({ 'serve@one': 'restored' })
  forget()
  delete machine.files['/proc/serve']
  expect((await rig.run(['serve'])).reasons).toEqual({
    'serve@one': [
      { kind: 'output-missing', path: 'dist/log' },
      { kind: 'probe-failed', detail: 'it is dead' },
    ],
  })
  expect(machine.files['/proc/serve']).toBe('alive')
})

test('a machine that is in two roles keeps what a task did on it in each', async () => {
  const rig = new EngineRig()
  const machine = new Machine()
  const machines = { master: machine, 'slave-1': machine, 'slave-2': new Machine() }
  const roles = { master: ['master'], slaves: ['slave-1', 'slave-2'] }
  rig.fleet = new MadeUpFleet(machines, roles, 'debian-12-x86_64')
  rig.task({
    name: 'start',
    on: ['master', 'slaves'],
    inputs: { values: ({ host }) => ({ role: host.role }) },
    outputs: ({ host }) => ({ files: [`/srv/${host.role}`] }),
    run: async ({ host }) => void (await host.exec(['write', `/srv/${host.role}`, host.role])),
  })
  await rig.run(['start'])
  expect((await rig.run(['start'])).statuses).toEqual({
    'start@master': 'up-to-date',
    'start@slave-1': 'up-to-date',
    'start@slave-2': 'up-to-date',
  })
})
