import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'
import { Machine, MadeUpFleet } from './made-up-fleet.ts'

const why = 'it comes another way'
const skip = { status: 'up-to-date', reasons: [{ kind: 'skipped', why }] }

/** `spread` puts a file on every slave but those that get it another way, and `start` uses what is there. */
function slaves(...names: string[]) {
  const rig = new EngineRig()
  const machines = Object.fromEntries(names.map((name) => [name, new Machine()]))
  rig.fleet = new MadeUpFleet(machines, { slaves: names }, 'debian-12-x86_64')
  const served = new Set<string>()
  const pack = rig.task({ name: 'pack', run: async () => {} })
  const spread = rig.task({
    name: 'spread',
    on: 'slaves',
    needs: [pack],
    outputs: { files: ['/srv/file'] },
    skip: ({ host }) => (served.has(host.name) ? why : undefined),
    run: ({ host }) => host.exec(['write', '/srv/file', 'spread']).then(() => {}),
  })
  rig.task({ name: 'start', on: 'slaves', needs: [spread], run: async () => {} })
  return { rig, machines, served }
}

test('a host that a task skips is up to date, for that reason, and nothing happens on it', async () => {
  const { rig, machines, served } = slaves('one', 'two')
  served.add('two')
  expect((await rig.look(['spread']))['spread@two']).toEqual(skip)
  const { statuses, reasons } = await rig.run(['start'])
  expect(statuses).toEqual({
    pack: 'ran',
    'spread@one': 'ran',
    'spread@two': 'up-to-date',
    'start@one': 'ran',
    'start@two': 'ran',
  })
  expect(reasons['spread@two']).toEqual(skip.reasons)
  expect(machines.two!.files).toEqual({})
  expect(Object.keys(machines.two!.receipts)).toEqual(['start'])
})

test('it is not even asked: it may be down', async () => {
  const { rig, machines, served } = slaves('one')
  served.add('one')
  machines.one!.isDown = true
  expect((await rig.look(['spread']))['spread@one']).toEqual(skip)
  expect((await rig.run(['spread'])).end.ok).toBe(true)
})

test('even a run that trusts nothing finds nothing to do there', async () => {
  const { rig, served } = slaves('one')
  served.add('one')
  expect((await rig.run(['spread'], { noCache: true })).statuses).toEqual({
    pack: 'ran',
    'spread@one': 'up-to-date',
  })
})

test('what needs it runs once more when it begins or ceases to be skipped, and then stands', async () => {
  const { rig, served } = slaves('one')
  await rig.run(['start'])
  served.add('one')
  const { statuses, reasons } = await rig.run(['start'])
  expect(statuses).toMatchObject({ 'spread@one': 'up-to-date', 'start@one': 'ran' })
  expect(reasons['start@one']).toEqual([
    { kind: 'need-changed', task: 'spread', path: '/srv/file', change: 'removed' },
  ])
  expect((await rig.run(['start'])).statuses['start@one']).toBe('up-to-date')
  served.clear()
  expect((await rig.run(['start'])).statuses).toMatchObject({
    'spread@one': 'up-to-date',
    'start@one': 'ran',
  })
})

test('it has nothing to do even where what it needs was left out and never ran', async () => {
  const { rig, served } = slaves('one')
  served.add('one')
  const only = { only: true }
  expect(await rig.look(['spread'], only)).toEqual({ 'spread@one': skip })
  expect((await rig.run(['spread'], only)).statuses).toEqual({ 'spread@one': 'up-to-date' })
})

test('what needs it knows, when it alone is asked for, that nothing was made', async () => {
  const { rig, served } = slaves('one')
  served.add('one')
  await rig.run(['start'])
  const only = { only: true }
  expect(await rig.look(['start'], only)).toEqual({ 'start@one': { status: 'up-to-date', reasons: [] } })
  expect((await rig.run(['start'], only)).statuses).toEqual({ 'start@one': 'up-to-date' })
})

test('it is blocked where something that it needs failed, so that what waits for it is, too', async () => {
  const { rig, served } = slaves('one')
  served.add('one')
  rig.tasks[0]!.run = async () => {
    throw new Error('broken')
  }
  expect((await rig.run(['start'])).statuses).toEqual({
    pack: 'failed',
    'spread@one': 'blocked',
    'start@one': 'blocked',
  })
})
