import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'
import { Workspace } from '../../rig/workspace.ts'

/** `make` writes the content of `in` to `out`; it fails when that is `bad`, and `use` copies what it made. */
function failing() {
  const rig = new EngineRig()
  rig.write({ in: 'good' })
  const make = rig.task({
    name: 'make',
    inputs: { files: ['in'] },
    outputs: { files: ['out'] },
    run: async ({ $ }) => void (await $`cp in out; grep -qv bad in`),
  })
  rig.task({
    name: 'use',
    needs: [make],
    outputs: { files: ['used'] },
    run: async ({ $ }) => void (await $`cp out used`),
  })
  return rig
}

async function failed() {
  const rig = failing()
  await rig.run(['use'])
  rig.write({ in: 'bad' })
  expect((await rig.run(['use'])).statuses.make).toBe('failed')
  return rig
}

test('what a task that failed has left behind was not edited by hand', async () => {
  const rig = await failed()
  rig.write({ in: 'good' })
  const { statuses, reasons, warnings } = await rig.run(['make'])
  expect([statuses, warnings]).toEqual([{ make: 'restored' }, []])
  expect(reasons.make).toEqual([{ kind: 'output-changed', path: 'out' }])
})

test('what a killed run has left behind was not edited by hand', async () => {
  const workspace = new Workspace({
    in: 'good',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const make = task({
        module: import.meta.url,
        name: 'make',
        description: 'Copy a file',
        inputs: { files: ['in'] },
        outputs: { files: ['out'] },
        async run({ $ }) {
          await $\`cp in out; grep -q good in || { echo begun; sleep 60; }\`
        },
      })
      await main({ tasks: [make] })
    `,
  })
  await workspace.run('run', 'make')
  workspace.write('in', 'slow')
  const { child, printed, ended } = workspace.start(['run', 'make'])
  await printed('│ begun')
  child.kill('SIGKILL')
  await ended
  workspace.write('in', 'good')
  const { stdout, stderr } = await workspace.run('run', 'make')
  expect(stdout).toContain('make restored')
  expect(stderr).toMatch(/^Warning: An earlier run left processes behind: .*\n$/)
})

test('what a killed run began is used by no other until an earlier result was found to stand again', async () => {
  const workspace = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const tell = task({
        module: import.meta.url,
        name: 'tell',
        description: 'Tell how fast it is',
        inputs: { env: ['SPEED'] },
        async run({ $ }) {
          await $\`test "$SPEED" != slow || { echo begun; sleep 60; }\`
        },
      })
      const use = task({
        module: import.meta.url,
        name: 'use',
        description: 'Need what was told',
        needs: [tell],
        async run() {},
      })
      await main({ tasks: [tell, use] })
    `,
  })
  const fast = (...args: string[]) => workspace.start(['run', ...args], { env: { SPEED: 'fast' } }).ended
  await fast('use')
  await fast('use')
  const { child, printed, ended } = workspace.start(['run', 'tell'], { env: { SPEED: 'slow' } })
  await printed('│ begun')
  child.kill('SIGKILL')
  await ended
  expect((await fast('use', '--only')).exitCode).toBe(1)
  expect((await fast('tell')).stdout).toContain('1 up to date')
  expect((await fast('use', '--only')).exitCode).toBe(0)
})

test('what was put right once, and is edited then, was edited by hand', async () => {
  const rig = await failed()
  rig.write({ in: 'good' })
  await rig.run(['make'])
  rig.write({ out: 'by hand' })
  expect((await rig.run(['make'])).warnings).toEqual([{ kind: 'output-edited', task: 'make', path: 'out' }])
})

test('why a task that failed runs again is told by the last result before', async () => {
  const rig = failing()
  for (const content of ['good 1', 'good 2', 'bad']) {
    rig.write({ in: content, [content]: '' })
    await rig.run(['make'])
  }
  expect((await rig.look(['make'])).make).toEqual({
    status: 'ran',
    reasons: [{ kind: 'input-changed', path: 'in' }],
  })
})

test('what a task that failed has left behind is used by no other', async () => {
  const rig = await failed()
  const { statuses, failures } = await rig.run(['use'], { only: true })
  expect(statuses).toEqual({ use: 'failed' })
  expect(failures.use).toMatchObject({ kind: 'refused' })
})
