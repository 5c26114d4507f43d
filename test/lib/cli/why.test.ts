import { expect, test } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

const tasks = (level: number, options = '') => `
  import { main, task } from 'ENGINE'
  const module = import.meta.url
  const generate = task({ module, name: 'generate', description: 'Make a header', outputs: { files: ['build/gen.h'] },
    inputs: { files: ['names'] }, async run({ $ }) { await $\`cp names build/gen.h\` } })
  const compile = task({ module, name: 'compile', description: 'Compile it', needs: [generate], ${options}
    inputs: { files: ['src'], env: ['CC'], values: { level: ${level} } }, outputs: { files: ['build/out'] },
    async run({ $ }) { await $\`cat src/* build/gen.h > build/out\` } })
  await main({ tasks: [compile] })
`

const workspace = () => new Workspace({ 'tasks/index.ts': tasks(1), 'src/a.c': '1', names: '1' })

test('why says field by field what is not as it was', async () => {
  const it = workspace()
  await it.run('run', 'compile')
  it.write('src/a.c', '2')
  it.write('names', '2')
  it.write('tasks/index.ts', tasks(2))
  await it.run('run', 'generate')
  const { stdout, exitCode } = await it.start(['why', 'compile'], { env: { CC: 'clang' } }).ended
  expect({ stdout, exitCode }).toEqual({
    exitCode: 0,
    stdout: [
      'compile: would run, because',
      '  - `src/a.c` changed',
      '  - `level` 1 → 2',
      '  - `CC` unset → clang',
      '  - the code of the task changed',
      '  - `generate` made other bytes: build/gen.h\n',
    ].join('\n'),
  })
})

test('the run that follows says the first three of them', async () => {
  const it = workspace()
  await it.run('run', 'compile')
  it.write('src/a.c', '2')
  it.write('tasks/index.ts', tasks(2))
  const { stdout } = await it.start(['run', 'compile'], { env: { CC: 'clang' } }).ended
  expect(stdout).toContain(
    'compile starts: `src/a.c` changed; `level` 1 → 2; `CC` unset → clang; and 1 more\n',
  )
})

test('a task that is restored says why, too, when it is looked at and when it is run', async () => {
  const it = workspace()
  await it.run('run', 'compile')
  it.write('src/a.c', '2')
  await it.run('run', 'compile')
  it.write('src/a.c', '1')
  expect((await it.run('why', 'compile')).stdout).toBe(
    'compile: would be restored, because\n  - `src/a.c` changed\n',
  )
  expect((await it.run('run', 'compile')).stdout).toMatch(/compile restored \(.+\): `src\/a\.c` changed\n/)
})

test('of what stands, why says when it was made', async () => {
  const it = workspace()
  await it.run('run', 'compile')
  expect((await it.run('why', 'compile')).stdout).toMatch(
    /^compile: up to date, as made on \d{4}-\d\d-\d\d at \d\d:\d\d:\d\d UTC\n$/,
  )
})

test('many files are named up to ten, and all of them with --verbose', async () => {
  const it = workspace()
  await it.run('run', 'compile')
  for (let index = 10; index < 30; index++) it.write(`src/${index}`, `${index}`)
  expect((await it.run('why', 'compile')).stdout).toMatch(/`src\/19` and 10 more are new\n$/)
  expect((await it.run('why', 'compile', '--verbose')).stdout).toContain('`src/28` and `src/29` are new\n')
})

test('as data, every reason is whole', async () => {
  const it = workspace()
  await it.run('run', 'compile')
  it.write('src/b.c', '1')
  const { stdout } = await it.start(['why', 'compile', '--format', 'json'], { env: { CC: 'clang' } }).ended
  expect(JSON.parse(stdout)).toEqual([
    {
      task: 'compile',
      status: 'ran',
      reasons: [
        { kind: 'input-added', path: 'src/b.c' },
        { kind: 'env-changed', name: 'CC', before: null, after: 'clang' },
      ],
    },
  ])
})
