import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

const tasks = `
  import { main, task } from 'ENGINE'
  const module = import.meta.url
  const generate = task({ module, name: 'generate', description: 'Make a list', outputs: { files: ['build/list'] },
    inputs: { files: ['src/*'] }, async run({ $ }) { await $\`ls src > build/list\` } })
  const compile = task({ module, name: 'compile', description: 'Compile it', needs: [generate], outputs: { files: ['build/out'] },
    async run({ $, outputs }) { await $\`cat \${outputs(generate)} > build/out\` } })
  await main({ tasks: [compile] })
`

const workspace = () => new Workspace({ 'tasks/index.ts': tasks, 'src/a': '' })

test('list shows the targets, needs first, and leaves nothing behind', async () => {
  const it = workspace()
  expect(await it.run('list')).toMatchObject({
    exitCode: 0,
    stdout: 'generate  Make a list\ncompile   Compile it\n',
    stderr: '',
  })
  expect(readdirSync(it.root).sort()).toEqual(['package.json', 'src', 'tasks'])
})

test('list loads nothing that it does not need', async () => {
  const it = workspace()
  const coverage = join(it.root, 'coverage')
  await it.start(['list'], { env: { NODE_V8_COVERAGE: coverage } }).ended
  const loaded = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as { result: { url: string }[] }
    return result.map(({ url }) => url)
  })
  expect(loaded.some((url) => url.endsWith('/lib/cli/main.ts'))).toBe(true)
  expect(
    loaded.filter((url) =>
      /node_modules\/(ssh2|ssh2-sftp-client|yaml|zod|zx|fast-glob)\/|lib\/(run|hosts|inputs)\//.test(url),
    ),
  ).toEqual([])
})

test('the root is the folder above tasks/, whatever the working directory is', async () => {
  const it = workspace()
  const { exitCode } = await it.start(['run', 'compile'], { cwd: '/' }).ended
  expect(exitCode).toBe(0)
  expect(it.read('build/out')).toBe('a\n')
})

test('no command, an unknown one and a target in its place are explained, with exit code 2', async () => {
  const it = workspace()
  expect(await it.run()).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('No command was given.'),
  })
  expect(await it.run('lsit')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean `list`'),
  })
  expect(await it.run('compile')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('`run compile`'),
  })
})

test('help goes to stdout, of all commands or of one', async () => {
  const it = workspace()
  const all = await it.run('--help')
  expect(all).toMatchObject({ exitCode: 0, stderr: '' })
  for (const name of ['run', 'list', 'graph', 'why', 'status', 'logs', 'init', 'doctor', 'sandbox'])
    expect(all.stdout).toContain(`tasks ${name}`)
  expect((await it.run('run', '--help')).stdout).toContain('--keep-going')
})

test('a declaration that cannot be is explained without a stack, with exit code 2', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const bad = task({ module: import.meta.url, name: 'bad', description: 'Bad', retires: 2, async run() {} })
      await main({ tasks: [bad] })`,
  })
  const { exitCode, stdout, stderr } = await it.run('list')
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('Task `bad`')
  expect(stderr).toContain('Did you mean `retries`?')
  expect(stderr).not.toMatch(/^ {4}at /m)
})

test('a circle of needs is printed whole', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const make = (name) => task({ module: import.meta.url, name, description: name, needs: [], async run() {} })
      const [a, b, c] = ['a', 'b', 'c'].map(make)
      a.needs.push(b); b.needs.push(c); c.needs.push(a)
      await main({ tasks: [a] })`,
  })
  const { exitCode, stderr } = await it.run('list')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('a → b → c → a')
})

test('a role that main does not name is refused, with the nearest', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const a = task({ module: import.meta.url, name: 'a', description: 'A', on: 'slave', async run() {} })
      await main({ tasks: [a], roles: { master: 'one', slaves: 'many' } })`,
  })
  const { exitCode, stderr } = await it.run('list')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('names the role `slave`')
  expect(stderr).toContain('Did you mean `slaves`?')
})

test('colours come when asked for, and never with NO_COLOR in auto', async () => {
  const it = workspace()
  expect((await it.run('run', 'nothing', '--color', 'always')).stderr).toContain('\u001b[31mError:')
  expect((await it.run('run', 'nothing')).stderr).not.toContain('\u001b')
})
