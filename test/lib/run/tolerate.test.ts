import { expect, test } from 'vitest'
import type { TaskOptions } from '../../../lib/model/task.ts'
import { EngineRig } from '../../rig/engine.ts'
import { Machine, MadeUpFleet } from './made-up-fleet.ts'

/** `start` on the master needs `distribute` on ten slaves, of which some are down, and on some of which it fails. */
function tenSlaves(tolerate: TaskOptions<unknown>['tolerate'], down: number[], failing: number[]) {
  const rig = new EngineRig()
  const names = Array.from({ length: 10 }, (_, index) => `slave-${index}`)
  const machines = Object.fromEntries(['master', ...names].map((name) => [name, new Machine()]))
  for (const index of down) machines[`slave-${index}`]!.isDown = true
  rig.fleet = new MadeUpFleet(machines, { master: ['master'], slaves: names }, 'debian-12-x86_64')
  const broken = new Set(failing.map((index) => `slave-${index}`))
  const distribute = rig.task({
    name: 'distribute',
    on: 'slaves',
    ...(tolerate !== undefined && { tolerate }),
    run: async ({ host }) => {
      if (broken.has(host.name)) throw new Error('it is broken')
    },
  })
  rig.task({ name: 'start', on: 'master', needs: [distribute], run: async () => {} })
  return { rig, machines, broken }
}

test.each([
  [undefined, [], [], 'ran'],
  [undefined, [3], [], 'blocked'],
  [undefined, [], [3], 'blocked'],
  [2, [3], [4], 'ran'],
  [2, [3, 4], [], 'ran'],
  [2, [3, 4], [5], 'blocked'],
  ['25%', [3], [4], 'ran'],
  ['25%', [3], [4, 5], 'blocked'],
  ['100%', [0, 1, 2, 3, 4], [5, 6, 7, 8, 9], 'ran'],
] as const)(
  'with %s tolerated, %j unreachable and %j failing, what comes after is `%s`',
  async (tolerate, down, failing, status) => {
    const { rig } = tenSlaves(tolerate, [...down], [...failing])
    const { statuses, end } = await rig.run(['start'], { keepGoing: true })
    expect(statuses['start@master']).toBe(status)
    expect(end.counts.failed).toBe(down.length + failing.length)
  },
)

test('a run that tolerates goes on without --keep-going, says which hosts failed of what, and fails', async () => {
  const { rig } = tenSlaves(2, [3], [4])
  const { statuses, end } = await rig.run(['start'])
  expect(statuses['start@master']).toBe('ran')
  expect(end).toMatchObject({
    ok: false,
    exitCode: 1,
    failedHosts: { unreachable: ['slave-3'], crash: ['slave-4'] },
  })
})

test('the next run goes on with the hosts that did not finish', async () => {
  const { rig, machines, broken } = tenSlaves(2, [3], [4])
  await rig.run(['start'])
  machines['slave-3']!.isDown = false
  broken.clear()
  const { statuses, end } = await rig.run(['start'])
  const ran = Object.keys(statuses).filter((task) => statuses[task] === 'ran')
  expect(ran).toEqual(expect.arrayContaining(['distribute@slave-3', 'distribute@slave-4']))
  expect(ran.filter((task) => task.startsWith('distribute'))).toHaveLength(2)
  expect(end).toMatchObject({ ok: true })
  expect(end.failedHosts).toBeUndefined()
})
