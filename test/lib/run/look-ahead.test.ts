import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import type { Event } from '../../../lib/model/event.ts'
import { EngineRig } from '../../rig/engine.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Two tasks are at work, and a third one, which has been looked at, waits for its turn: then `meanwhile` is called. */
async function waiting(meanwhile: (root: string) => void) {
  const rig = new EngineRig()
  rig.write({ 'in/a': 'one' })
  let look = () => {}
  let unhealthy = false
  const looked = new Promise<void>((resolve) => {
    look = resolve
  })
  for (const name of ['first', 'second'])
    rig.task({
      name,
      always: true,
      outputs: { files: [] },
      run: async () => {
        if (!unhealthy) return
        await looked
        for (let turn = 0; turn < 20; turn++) await nextTurn() // by then, it waits
        meanwhile(rig.root)
      },
    })
  rig.task({
    name: 'third',
    inputs: { files: ['in/**'] },
    outputs: { files: ['out'] },
    probe: async () => {
      look()
      return unhealthy ? [{ kind: 'probe-failed', detail: 'unwell' }] : []
    },
    run: async ({ root }) => {
      unhealthy = false
      writeFileSync(join(root, 'out'), readFileSync(join(root, 'in/a')))
    },
  })
  const run = (events: Event[] = []) =>
    rig.run(['first', 'second', 'third'], { jobs: 2 }, new AbortController().signal, events)
  await run()
  unhealthy = true
  return { rig, run }
}

test('whatever was seen before, a task runs on what its inputs hold once it is its turn', async () => {
  const { rig, run } = await waiting((root) => {
    writeFileSync(join(root, 'in/a'), 'other')
    vi.spyOn(process, 'uptime').mockReturnValue(process.uptime() + 60)
  })
  const { statuses, reasons, warnings } = await run()
  expect(statuses.third).toBe('ran')
  expect(reasons.third).toEqual([{ kind: 'input-changed', path: 'in/a' }])
  expect(warnings).toEqual([])
  expect(readFileSync(join(rig.root, 'out'), 'utf8')).toBe('other')
  expect((await run()).statuses.third).toBe('up-to-date')
})

test('what waits for its turn does not begin once another task has failed', async () => {
  const { run } = await waiting(() => {
    throw new Error('broken')
  })
  const events: Event[] = []
  const { statuses } = await run(events)
  expect(statuses).toEqual({ first: 'failed', second: 'failed', third: 'cancelled' })
  expect(events.filter(({ type }) => type === 'task-start')).toHaveLength(2)
})
