import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'

test('a command that nobody waits for belongs to its task all the same', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'slow',
    outputs: { files: ['out'] },
    run: async ({ $ }) => void $`sleep 0.3; echo whole > out`,
  })
  rig.task({ name: 'failing', run: async ({ $ }) => void $`exit 3` })
  const { statuses, failures } = await rig.run(['slow', 'failing'], { keepGoing: true })
  expect(statuses).toEqual({ slow: 'ran', failing: 'failed' })
  expect(failures.failing).toMatchObject({ kind: 'command', exitCode: 3 })
})

test('a command that nobody waits for does not end the whole run with its task', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'waiting',
    timeout: '1s',
    run: async ({ $ }) => {
      $`sleep 600`
      await new Promise(() => {})
    },
  })
  rig.task({
    name: 'failing',
    run: async ({ $ }) => {
      $`sleep 600`
      await $`exit 3`
    },
  })
  const { failures } = await rig.run(['waiting', 'failing'], { keepGoing: true })
  expect(failures).toMatchObject({
    waiting: { kind: 'timed-out' },
    failing: { kind: 'command', exitCode: 3 },
  })
})

test('a failure that the task has handled is none', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'careful',
    run: async ({ $ }) => {
      await $`exit 3`.catch(() => {})
      await $`exit 4`.nothrow()
      void $`exit 5`.nothrow()
      await Promise.allSettled([$`exit 6`])
    },
  })
  expect((await rig.run(['careful'])).statuses).toEqual({ careful: 'ran' })
})
