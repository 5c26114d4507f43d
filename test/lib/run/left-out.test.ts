import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Failed } from '../../../lib/model/failure.ts'
import { EngineRig } from '../../rig/engine.ts'
import { MadeUpHost } from './made-up-host.ts'

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
