import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'
import { Workspace } from '../../rig/workspace.ts'

const changes: [what: string, path: string, change: (root: string) => void][] = [
  ['a new content', 'in/a', (root) => writeFileSync(join(root, 'in/a'), 'other')],
  ['another content of the same size', 'in/a', (root) => writeFileSync(join(root, 'in/a'), 'two')],
  ['a new file that a glob means', 'in/b', (root) => writeFileSync(join(root, 'in/b'), 'new')],
  ['a removed file', 'in/a', (root) => rmSync(join(root, 'in/a'))],
  [
    'an edited definition',
    'tasks/code.ts',
    (root) => edit(join(root, 'tasks/code.ts'), 'export const code = 2\n'),
  ],
]

test.each(changes)(
  '%s while a task runs leaves its result unrecorded, and it runs again',
  async (_, path, change) => {
    const rig = new EngineRig()
    rig.write({ 'in/a': 'one' })
    let changing = true
    rig.task({
      name: 'make',
      inputs: { files: ['in/**'] },
      outputs: { files: ['out'] },
      run: async ({ root }) => {
        writeFileSync(join(root, 'out'), 'made')
        if (changing) change(root)
        changing = false
      },
    })
    const first = await rig.run(['make'])
    expect(first.statuses).toEqual({ make: 'ran' })
    expect(first.warnings).toEqual([{ kind: 'input-changed-while-running', task: 'make', path }])
    expect((await rig.run(['make'])).statuses).toEqual({ make: 'ran' })
    expect((await rig.run(['make'])).statuses).toEqual({ make: 'up-to-date' })
  },
)

test('what a needed task made and somebody edits while it is read belongs to no result', async () => {
  const rig = new EngineRig()
  const make = rig.task({
    name: 'make',
    outputs: { files: ['made'] },
    run: async ({ root }) => writeFileSync(join(root, 'made'), 'right'),
  })
  let editing = true
  rig.task({
    name: 'copy',
    needs: [make],
    outputs: { files: ['copied'] },
    run: async ({ root }) => {
      if (editing) writeFileSync(join(root, 'made'), 'wrong')
      editing = false
      writeFileSync(join(root, 'copied'), readFileSync(join(root, 'made')))
    },
  })
  const { warnings } = await rig.run(['copy'])
  expect(warnings).toEqual([
    { kind: 'input-changed-while-running', task: 'copy', path: 'made' },
    { kind: 'output-overwritten', task: 'make', path: 'made' },
  ])
  expect((await rig.run(['copy'])).statuses).toEqual({ make: 'restored', copy: 'ran' })
  expect(readFileSync(join(rig.root, 'copied'), 'utf8')).toBe('right')
  expect((await rig.run(['copy'])).statuses).toEqual({ make: 'up-to-date', copy: 'up-to-date' })
})

test('nor does what somebody puts a pipe in the place of, and nothing fails of that', async () => {
  const rig = new EngineRig()
  const made = join(rig.root, 'made')
  const make = rig.task({
    name: 'make',
    outputs: { files: ['made'] },
    run: async () => writeFileSync(made, 'right'),
  })
  rig.task({
    name: 'copy',
    needs: [make],
    run: async () => {
      rmSync(made)
      execFileSync('mkfifo', [made])
    },
  })
  const { statuses, warnings } = await rig.run(['copy'])
  expect(statuses).toEqual({ make: 'ran', copy: 'ran' })
  expect(warnings).toContainEqual({ kind: 'input-changed-while-running', task: 'copy', path: 'made' })
})

/** What is read in between belongs to no content that is there before or after. */
const detours: [what: string, path: string, detour: (path: string, meanwhile: () => void) => void][] = [
  [
    'an input',
    'in/a',
    (path, meanwhile) => {
      edit(path, 'wrong')
      meanwhile()
      edit(path, 'right')
    },
  ],
  [
    'a link among the inputs',
    'in/link',
    (path, meanwhile) => {
      relink(path, 'elsewhere')
      meanwhile()
      relink(path, 'a')
    },
  ],
  [
    'what a needed task made',
    'made',
    (path, meanwhile) => {
      edit(path, 'wrong')
      meanwhile()
      edit(path, 'right')
    },
  ],
]

test.each(detours)(
  '%s that is changed and changed back while a task runs leaves its result unrecorded',
  async (_, path, detour) => {
    const rig = new EngineRig()
    rig.write({ 'in/a': 'right', 'in/elsewhere': 'wrong' })
    symlinkSync('a', join(rig.root, 'in/link'))
    const make = rig.task({
      name: 'make',
      outputs: { files: ['made'] },
      run: async ({ root }) => writeFileSync(join(root, 'made'), 'right'),
    })
    let changing = true
    rig.task({
      name: 'copy',
      needs: [make],
      inputs: { files: ['in/**'] },
      outputs: { files: ['copied'] },
      run: async ({ root }) => {
        const copy = () => writeFileSync(join(root, 'copied'), readFileSync(join(root, path)))
        if (changing) detour(join(root, path), copy)
        else copy()
        changing = false
      },
    })
    const { warnings } = await rig.run(['copy'])
    expect(warnings).toEqual([{ kind: 'input-changed-while-running', task: 'copy', path }])
    expect((await rig.run(['copy'])).statuses).toEqual({ make: 'up-to-date', copy: 'ran' })
    expect(readFileSync(join(rig.root, 'copied'), 'utf8')).toBe('right')
    expect((await rig.run(['copy'])).statuses).toEqual({ make: 'up-to-date', copy: 'up-to-date' })
  },
)

test('an input that was written just before the run is an input like any other', async () => {
  const rig = new EngineRig()
  rig.task({ name: 'read', inputs: { files: ['in'] }, run: async () => {} })
  for (const content of ['one', 'two', 'one']) {
    rig.write({ in: content })
    expect((await rig.run(['read'])).warnings).toEqual([])
    expect((await rig.run(['read'])).statuses).toEqual({ read: 'up-to-date' })
  }
})

test('a task that writes over, or among, what another made is told, and the next run puts it right', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'make',
    outputs: { files: ['out/**'] },
    run: async ({ root }) => {
      for (const name of ['a', 'b']) writeFileSync(join(root, 'out', name), 'right')
    },
  })
  rig.task({
    name: 'spoil',
    run: async ({ root }) => {
      writeFileSync(join(root, 'out/a'), 'wrong')
      rmSync(join(root, 'out/b'))
      writeFileSync(join(root, 'out/c'), 'foreign')
    },
  })
  const { end, warnings } = await rig.run(['make', 'spoil'], { jobs: 1 })
  expect(end.ok).toBe(true)
  expect(warnings).toEqual(
    ['out/b', 'out/a', 'out/c'].map((path) => ({ kind: 'output-overwritten', task: 'make', path })),
  )
  expect((await rig.run(['make', 'spoil'])).statuses).toEqual({ make: 'restored', spoil: 'up-to-date' })
  expect((await rig.run(['make', 'spoil'])).statuses).toEqual({ make: 'up-to-date', spoil: 'up-to-date' })
})

test('outputs that a task puts out of reach are told, and the run comes to its end', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'make',
    outputs: { files: ['out/made'] },
    run: async ({ root }) => writeFileSync(join(root, 'out/made'), ''),
  })
  rig.task({
    name: 'spoil',
    run: async ({ root }) => {
      rmSync(join(root, 'out'), { recursive: true })
      symlinkSync('out', join(root, 'out'))
    },
  })
  const { end, warnings } = await rig.run(['make', 'spoil'], { jobs: 1 })
  expect(end.ok).toBe(true)
  expect(warnings).toEqual([
    {
      kind: 'outputs-out-of-reach',
      task: 'make',
      fault: { problem: 'endless-link', path: 'out/made' },
    },
  ])
})

test('code that is edited after it was loaded, before its task starts, counts for the next run', async () => {
  const workspace = new Workspace({
    'tasks/word.ts': `export const word = 'old'`,
    'tasks/index.ts': `
    import { main, task } from 'ENGINE'
    import { word } from './word.ts'
    const wait = task({
      module: import.meta.url,
      name: 'wait',
      description: 'Wait for the edit',
      async run({ $ }) {
        await $\`touch waiting; until [ -e edited ]; do sleep 0.02; done\`
      },
    })
    const say = task({
      module: import.meta.url,
      name: 'say',
      description: 'Say a word',
      needs: [wait],
      outputs: { files: ['said'] },
      async run({ $ }) {
        await $\`echo \${word} > said\`
      },
    })
    await main({ tasks: [wait, say] })
  `,
  })
  const { output, ended } = workspace.start(['run', 'say'])
  await until(() => existsSync(join(workspace.root, 'waiting')))
  workspace.write('tasks/word.ts', `export const word = 'new'`)
  workspace.write('edited', '')
  expect((await ended).exitCode).toBe(0)
  expect(output.stderr).toContain(
    'Warning: `tasks/word.ts` changed while `say` ran: its result is not recorded',
  )
  expect(workspace.read('said')).toBe('old\n')
  expect((await workspace.run('run', 'say')).stdout).toContain('✓ say ran')
  expect(workspace.read('said')).toBe('new\n')
})

test('while the clock is set back, results are recorded as ever', async () => {
  const rig = new EngineRig()
  rig.write({ in: 'one' })
  rig.task({
    name: 'copy',
    inputs: { files: ['in'] },
    outputs: { files: ['out'] },
    run: async ({ $ }) => void (await $`cp in out`),
  })
  const hour = 3_600_000
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hour })
  onTestFinished(() => void vi.useRealTimers())
  await rig.run(['copy'])
  vi.setSystemTime(Date.now() - 2 * hour)
  rig.write({ in: 'two' })
  const { statuses, warnings } = await rig.run(['copy'])
  expect([statuses, warnings]).toEqual([{ copy: 'ran' }, []])
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'up-to-date' })
})

/** The clock of files may be a tick behind the one that says when code was loaded, and when a task began. */
function edit(path: string, content: string): void {
  laterThanNow(path, () => writeFileSync(path, content))
}

function relink(path: string, target: string): void {
  laterThanNow(path, () => {
    rmSync(path)
    symlinkSync(target, path)
  })
}

function laterThanNow(path: string, change: () => void): void {
  const now = Date.now()
  do change()
  while (lstatSync(path).ctimeMs <= now + 1)
}
