import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

const tasks = `
  import { main, task } from 'ENGINE'
  const module = import.meta.url
  const generate = task({ module, name: 'generate', description: 'Make a list', outputs: { files: ['build/list'] },
    inputs: { files: ['src/*'] }, async run({ $ }) { await $\`ls src > build/list\` } })
  const compile = task({ module, name: 'compile', description: 'Compile it', needs: [generate], outputs: { files: ['build/out'] },
    async run({ $, outputs }) { await $\`cat \${outputs(generate)} > build/out\` } })
  const stop = task({ module, name: 'stop', description: 'Stop', always: true, async run() {} })
  await main({ tasks: [compile, stop] })
`

const workspace = () => new Workspace({ 'tasks/index.ts': tasks, 'src/a': '' })

test('graph draws the targets and what they need, to stdout or to a file', async () => {
  const it = workspace()
  expect(await it.run('graph', 'compile')).toMatchObject({
    exitCode: 0,
    stdout: 'TASK      WHERE  NEEDS\ngenerate  here   –\ncompile   here   generate\n',
  })
  const { exitCode, stdout } = await it.run('graph', '--format', 'json', '--output', 'graph.json')
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
  expect(JSON.parse(it.read('graph.json')).tasks.map(({ name }: { name: string }) => name)).toEqual([
    'generate',
    'compile',
    'stop',
  ])
})

test.each([
  ['/nonexistent/x.ts', 'names a file that does not exist'],
  ['half.ts', 'cannot be read as code: Could not resolve "./gone.ts" (ROOT/half.ts:1)'],
  ['note.ts', 'cannot be read as code: Expected ";" but found "is" (ROOT/note.ts:2)'],
])('a task of the module %s is refused by a run and by every look', async (file, problem) => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { resolve } from 'node:path'
      import { main, task } from 'ENGINE'
      const module = resolve('${file}')
      await main({ tasks: [task({ module, name: 'it', description: 'Do it', async run() {} })] })`,
    'half.ts': "import './gone.ts'",
    'note.ts': '\nthis is a note',
  })
  const words = problem.replace('ROOT', it.root)
  const ran = await it.run('run', 'it')
  expect(ran.exitCode).toBe(1)
  expect(ran.stdout).toContain(`it failed (`)
  expect(ran.stdout).toContain(`\`module\` ${words} (${resolve(it.root, file)})`)
  for (const command of [['run', '--dry-run', 'it'], ['why', 'it'], ['status']]) {
    const { exitCode, stdout, stderr } = await it.run(...command)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(`Error: Task \`it\` (${resolve(it.root, file)}): \`module\` ${words}.\n`)
  }
})

test('a picture that cannot be written is told with its path, without a stack', async () => {
  const { exitCode, stderr } = await workspace().run('graph', '--output', 'no/such/folder/g.dot')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('no/such/folder/g.dot')
  expect(stderr).not.toMatch(/^ {4,}at /m)
})

test('why says every reason in a sentence, or as data', async () => {
  const it = workspace()
  await it.run('run', 'compile')
  it.write('src/b', '')
  expect(await it.run('why', 'generate')).toMatchObject({
    exitCode: 0,
    stdout: 'generate: would run, because\n  - `src/b` is new\n',
  })
  const { stdout } = await it.run('why', 'compile', 'generate', '--format', 'json')
  expect(JSON.parse(stdout)).toEqual([
    { task: 'generate', status: 'ran', reasons: [{ kind: 'input-added', path: 'src/b' }] },
    { task: 'compile', status: 'unknown', reasons: [{ kind: 'waits-for', task: 'generate' }] },
  ])
})

test('status ends with 1 while something does not stand, and with 0 when everything does', async () => {
  const it = workspace()
  const before = await it.run('status')
  expect(before.exitCode).toBe(1)
  expect(before.stdout).toContain('generate would run: it has not run yet\n')
  await it.run('run', 'compile')
  expect(await it.run('status')).toMatchObject({
    exitCode: 0,
    stdout: '          here\ngenerate  up to date\ncompile   up to date\n\nEverything stands.\n',
  })
  const { stdout } = await it.run('status', '--format', 'json')
  expect(JSON.parse(stdout)).toContainEqual({
    task: 'compile',
    target: 'compile',
    host: null,
    status: 'up-to-date',
    reasons: [],
  })
})

const checked = (problem: string) =>
  new Workspace({
    'tasks/index.ts': `
      import { main, refuse, task } from 'ENGINE'
      const module = import.meta.url
      const compile = task({ module, name: 'compile', description: 'Compile it', async run() {} })
      const check = task({ module, name: 'check', description: 'Check it', always: true,
        async run({ log }) { log('looked closely'); ${problem} } })
      await main({ tasks: [compile, check], deepCheck: check })`,
  })

test('status --deep shows what stands, then runs the deep check and tells what that finds', async () => {
  const it = checked('')
  const undone = await it.run('status', '--deep')
  expect(undone.exitCode).toBe(1)
  expect(undone.stdout).toMatch(/^compile {2}would run$[\s\S]*^check │ looked closely$[\s\S]*^✓ Done: 1 ran/m)
  await it.run('run', 'compile')
  const { exitCode, stdout } = await it.run('status', '--deep', '--format', 'json')
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toEqual([
    { task: 'compile', target: 'compile', host: null, status: 'up-to-date', reasons: [] },
    {
      task: 'check',
      target: 'check',
      host: null,
      status: 'ran',
      reasons: [{ kind: 'always' }],
      output: 'looked closely\n',
    },
  ])
})

test('status --deep ends with 1 when the deep check finds something, though all else stands', async () => {
  const it = checked("refuse('It is crooked', 'Bend it.')")
  await it.run('run', 'compile')
  const text = await it.run('status', '--deep')
  expect(text.exitCode).toBe(1)
  expect(text.stdout).toContain('Everything stands.')
  expect(text.stderr).toContain('`check` failed: It is crooked.\nBend it.')
  const { exitCode, stdout, stderr } = await it.run('status', '--deep', '--format', 'json')
  expect(exitCode).toBe(1)
  expect(JSON.parse(stdout)[1]).toMatchObject({
    task: 'check',
    status: 'failed',
    failure: { kind: 'refused' },
    output: 'looked closely\n',
  })
  expect(stderr).toContain('It is crooked.')
})

test('status --deep is refused where no task is named for it', async () => {
  const { exitCode, stdout, stderr } = await workspace().run('status', '--deep')
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(
    '`--deep` has nothing to run here: the `main` of this workspace names no `deepCheck`',
  )
})

test.each([['why', 'compile'], ['status'], ['graph', '--instances'], ['logs', 'compile']])(
  '%s %s leaves nothing behind',
  async (...args) => {
    const it = workspace()
    await it.run(...args)
    expect(existsSync(join(it.root, '.cache'))).toBe(false)
  },
)

test.each(['why', 'logs'])('%s of an unknown target suggests the nearest', async (command) => {
  const { exitCode, stdout, stderr } = await workspace().run(command, 'compil')
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('Did you mean `compile`?')
})
