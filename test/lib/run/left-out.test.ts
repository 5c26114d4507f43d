import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { collect } from '../../../lib/cache/collect.ts'
import { cacheLayout } from '../../../lib/cache/layout.ts'
import { Failed } from '../../../lib/model/failure.ts'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'
import { MadeUpHost } from './made-up-host.ts'

afterEach(() => vi.unstubAllEnvs())

/** `a`, `b` and `c`, each of which needs the one before. */
function chain() {
  const rig = new EngineRig()
  const step = (name: string, ...needs: ReturnType<EngineRig['task']>[]) =>
    rig.task({
      name,
      needs,
      outputs: { files: [`out/${name}`] },
      run: async ({ root }) => writeFileSync(join(root, 'out', name), name),
    })
  step('c', step('b', step('a')))
  return rig
}

test.each([{}, { noCache: true }, { rebuild: ['b', 'c'] }])(
  'what needs a task that was left out and never ran is not known, and what needs that is neither: %o',
  async (options) => {
    const rig = chain()
    expect(await rig.look(['b', 'c'], { only: true, ...options })).toEqual({
      b: { status: 'unknown', reasons: [{ kind: 'waits-for', task: 'a' }] },
      c: { status: 'unknown', reasons: [{ kind: 'waits-for', task: 'b' }] },
    })
    expect((await rig.run(['b', 'c'], { only: true, ...options })).statuses).toEqual({
      b: 'failed',
      c: 'blocked',
    })
  },
)

test('what needs a task that was left out and ran before is known', async () => {
  const rig = chain()
  await rig.run(['a'])
  expect((await rig.look(['b'], { only: true })).b!.status).toBe('ran')
  await rig.run(['b'], { only: true })
  rmSync(join(rig.root, 'out/b'))
  expect((await rig.look(['b'], { only: true })).b!.status).toBe('restored')
})

test('what needs a task that was left out and stands again after a failure is known', async () => {
  const rig = new EngineRig()
  const tell = rig.task({
    name: 'tell',
    inputs: { env: ['FLAVOUR'] },
    run: async ({ $ }) => void (await $`test "$FLAVOUR" = sweet`),
  })
  rig.task({ name: 'use', needs: [tell], run: async () => {} })
  vi.stubEnv('FLAVOUR', 'sweet')
  await rig.run(['tell'])
  await rig.run(['tell'])
  vi.stubEnv('FLAVOUR', 'sour')
  expect((await rig.run(['tell'])).statuses).toEqual({ tell: 'failed' })
  expect((await rig.run(['use'], { only: true })).statuses).toEqual({ use: 'failed' })
  vi.stubEnv('FLAVOUR', 'sweet')
  expect((await rig.run(['tell'])).statuses).toEqual({ tell: 'up-to-date' })
  expect((await rig.run(['use'], { only: true })).statuses).toEqual({ use: 'ran' })
})

test('what needs a task that was left out and whose record was collected is known as long as that stands', async () => {
  const rig = chain()
  const layout = cacheLayout(rig.root)
  await until(async () => {
    await rig.run(['a'])
    return existsSync(layout.glances)
  })
  collect(layout, { maxSize: 0 })
  expect((await rig.run(['a'])).statuses).toEqual({ a: 'up-to-date' })
  expect((await rig.run(['b'], { only: true })).statuses).toEqual({ b: 'ran' })
  rmSync(join(rig.root, 'out/a'))
  expect((await rig.run(['b'], { only: true })).statuses).toEqual({ b: 'failed' })
})

test('what needs a host that does not answer is not known, for the run would not get to it', async () => {
  const rig = new EngineRig()
  const it = new MadeUpHost()
  rig.fleet = it.fleet
  it.fault = new Failed({ kind: 'unreachable', host: 'master', address: '192.0.2.1', detail: 'refused' })
  const there = rig.task({ name: 'there', on: 'master', run: async () => {} })
  rig.task({ name: 'here', needs: [there], run: async () => {} })
  expect((await rig.look(['here'])).here).toEqual({
    status: 'unknown',
    reasons: [{ kind: 'waits-for', task: 'there@master' }],
  })
  expect((await rig.run(['here'])).statuses).toEqual({ 'there@master': 'failed', here: 'blocked' })
})
