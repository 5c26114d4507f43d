import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import type { Event } from '../../../lib/model/event.ts'
import type { Task } from '../../../lib/model/task.ts'
import { EngineRig } from '../../rig/engine.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

async function someTurns() {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

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
        await someTurns() // by then, it waits
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
      const texts = readdirSync(join(root, 'in')).map((name) => readFileSync(join(root, 'in', name), 'utf8'))
      writeFileSync(join(root, 'out'), texts.join())
    },
  })
  const run = (events: Event[] = []) =>
    rig.run(['first', 'second', 'third'], { jobs: 2 }, new AbortController().signal, events)
  await run()
  unhealthy = true
  return { rig, run }
}

test.each([
  ['a', 'other', 'other'],
  ['b', 'new', 'one,new'],
])(
  'a task runs on what its inputs hold once it is its turn: in/%s is %s by then',
  async (name, text, made) => {
    const { rig, run } = await waiting((root) => {
      writeFileSync(join(root, 'in', name), text)
      vi.spyOn(process, 'uptime').mockReturnValue(process.uptime() + 60)
    })
    const { statuses, warnings } = await run()
    expect(statuses.third).toBe('ran')
    expect(warnings).toEqual([])
    expect(readFileSync(join(rig.root, 'out'), 'utf8')).toBe(made)
    expect((await run()).statuses.third).toBe('up-to-date')
  },
)

test('what waits for its turn does not begin once another task has failed', async () => {
  const { run } = await waiting(() => {
    throw new Error('broken')
  })
  const events: Event[] = []
  const { statuses } = await run(events)
  expect(statuses).toEqual({ first: 'failed', second: 'failed', third: 'cancelled' })
  expect(events.filter(({ type }) => type === 'task-start')).toHaveLength(2)
})

/** Tasks that have run, and that their checks find unwell: what is told of the next run, in order. */
async function storyOf(
  jobs: number,
  checks: Record<string, () => Promise<void>>,
  needs: Record<string, string> = {},
) {
  const rig = new EngineRig()
  const story: string[] = []
  let unhealthy = false
  const tasks: Record<string, Task> = {}
  for (const [name, check] of Object.entries(checks))
    tasks[name] = rig.task({
      name,
      needs: needs[name] ? [tasks[needs[name]]!] : [],
      outputs: { files: [] },
      probe: async () => {
        if (!unhealthy) return []
        story.push(`${name} is looked at`)
        await check()
        return [{ kind: 'probe-failed', detail: 'unwell' }]
      },
      run: async () => {
        if (unhealthy) story.push(`${name} runs`)
      },
    })
  await rig.run(Object.keys(checks), { jobs })
  unhealthy = true
  await rig.run(Object.keys(checks), { jobs })
  return story
}

test('what most wait for runs first, however long it is looked at', async () => {
  let last = () => {}
  const isLookedAt = new Promise<void>((resolve) => {
    last = resolve
  })
  const slow = () => isLookedAt.then(someTurns)
  const quick = async () => last()
  const checks = { first: slow, second: slow, 'after-first': quick, 'after-second': quick, short: quick }
  const story = await storyOf(2, checks, { 'after-first': 'first', 'after-second': 'second' })
  const begun = story.filter((line) => line.endsWith(' runs')).slice(0, 2)
  expect(begun.sort()).toEqual(['first runs', 'second runs'])
})

test('one at a time is one after the other, from the first look on', async () => {
  const nothing = async () => {}
  expect(await storyOf(1, { first: nothing, second: nothing })).toEqual([
    'first is looked at',
    'first runs',
    'second is looked at',
    'second runs',
  ])
})
