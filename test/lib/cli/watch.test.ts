import { chmodSync, existsSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

vi.setConfig({ testTimeout: 90_000 })

const tasks = `
  import { readFileSync } from 'node:fs'
  import { main, task } from 'ENGINE'
  const module = import.meta.url
  const gather = task({ module, name: 'gather', description: 'Gather what is in src', outputs: { files: ['src/all'] },
    inputs: { files: ['src/**', '!src/**/*.tmp'] },
    async run({ $ }) { await $\`cat /dev/null $(find src -type f ! -name all ! -name '*.tmp' | sort) > src/all\` } })
  const held = task({ module, name: 'held', description: 'Wait while it is held', inputs: { files: ['hold'] },
    async run({ $, log }) {
      const hold = readFileSync('hold', 'utf8')
      log('begun')
      if (hold === 'yes') await $\`sleep 1000\`
      if (hold === 'broken') throw new Error('it is broken')
      log('done') } })
  const stubborn = task({ module, name: 'stubborn', description: 'Ignore TERM',
    async run({ $ }) { await $\`trap '' TERM; echo begun; sleep 1000\` } })
  await main({ tasks: [gather, held, stubborn] })
`

const workspace = (files: Record<string, string> = {}) =>
  new Workspace({ 'tasks/index.ts': tasks, 'src/a': 'a\n', hold: 'no', ...files })

/** A watching program, and what it has told so far. */
function watching(it: Workspace, ...args: string[]) {
  const run = it.start(['run', ...args, '--watch'])
  const told = () => `${run.output.stdout}${run.output.stderr}`
  const rounds = () => told().split('Waiting for changes.').length - 1
  return {
    ...run,
    /** Resolves when so many rounds have come to their end. */
    waits: (count: number) =>
      vi
        .waitUntil(() => rounds() >= count, { timeout: 80_000 })
        .catch(() => {
          throw new Error(`only ${rounds()} rounds came to their end:\n${told()}`)
        }),
    /** What made it run again, one item for each time. */
    causes: () =>
      [...told().matchAll(/^(`.*) changed(?:: ending this run, to start anew)?\.$/gm)].map(
        ([, cause]) => cause,
      ),
    interrupt() {
      run.child.kill('SIGINT')
      return run.ended
    },
  }
}

test('it runs again when a declared input changes, and only then', async () => {
  const it = workspace()
  const run = watching(it, 'gather')
  await run.waits(1)
  it.write('other', 'not declared')
  it.write('src/b.tmp', 'excluded')
  it.write('src/a', 'b\n')
  await run.waits(2)
  it.write('hold', 'another task reads this')
  it.write('src/all', 'an output')
  it.write('src/a', 'c\n')
  await run.waits(3)
  expect(await run.interrupt()).toMatchObject({ exitCode: 130, signal: null })
  expect(run.causes()).toEqual(['`src/a`', '`src/a`'])
  expect(it.read('src/all')).toBe('c\n')
})

test('a file that was touched, or written as it was, has not changed', async () => {
  const it = workspace({ 'src/b': 'b\n' })
  const run = watching(it, 'gather')
  await run.waits(1)
  utimesSync(join(it.root, 'src/a'), 1, 1)
  it.write('src/a', 'a\n')
  it.write('src/b', 'another b\n')
  await run.waits(2)
  await run.interrupt()
  expect(run.causes()).toEqual(['`src/b`'])
})

test('a file that comes, changes, goes, becomes executable or is replaced is a change', async () => {
  const it = workspace()
  const path = (name: string) => join(it.root, name)
  const run = watching(it, 'gather')
  await run.waits(1)
  it.write('src/new/b', 'b\n')
  await run.waits(2)
  it.write('src/new/b', 'b again\n')
  await run.waits(3)
  rmSync(path('src/new'), { recursive: true })
  await run.waits(4)
  chmodSync(path('src/a'), 0o755)
  await run.waits(5)
  it.write('.a.swp', 'saved by rename\n')
  renameSync(path('.a.swp'), path('src/a'))
  await run.waits(6)
  await run.interrupt()
  expect(run.causes()).toEqual(['`src/new/b`', '`src/new/b`', '`src/new/b`', '`src/a`', '`src/a`'])
  expect(it.read('src/all')).toBe('saved by rename\n')
})

test('a folder that was removed with all that it held is watched when it is back', async () => {
  const it = workspace()
  const run = watching(it, 'gather')
  await run.waits(1)
  rmSync(join(it.root, 'src'), { recursive: true })
  await run.waits(2)
  it.write('src/a', 'back\n')
  await run.waits(3)
  it.write('src/a', 'and changed\n')
  await run.waits(4)
  await run.interrupt()
  expect(run.causes()).toEqual(['`src/a`', '`src/a`', '`src/a`'])
  expect(it.read('src/all')).toBe('and changed\n')
})

test('a folder that was replaced by another of its name is watched', async () => {
  const it = workspace({ 'next/a': 'a\n' })
  const run = watching(it, 'gather')
  await run.waits(1)
  rmSync(join(it.root, 'src'), { recursive: true })
  renameSync(join(it.root, 'next'), join(it.root, 'src'))
  it.write('src/a', 'in the other folder\n')
  await run.waits(2)
  it.write('src/a', 'and once more\n')
  await run.waits(3)
  await run.interrupt()
  expect(it.read('src/all')).toBe('and once more\n')
})

test('a link counts by its target, even by one that is not there', async () => {
  const it = workspace()
  const link = join(it.root, 'src/link')
  symlinkSync('nowhere', link)
  const run = watching(it, 'gather')
  await run.waits(1)
  rmSync(link)
  symlinkSync('elsewhere', link)
  await run.waits(2)
  await run.interrupt()
  expect(run.causes()).toEqual(['`src/link`'])
})

test('files that are declared through a linked folder are watched where they are', async () => {
  const it = workspace({ 'real/folder/a': 'a\n' })
  symlinkSync('../real/folder', join(it.root, 'src', 'link'))
  it.write('tasks/index.ts', tasks.replace("'src/**'", "'src/link/**'"))
  const run = watching(it, 'gather')
  await run.waits(1)
  it.write('real/folder/deeper/b', 'b\n')
  await run.waits(2)
  await run.interrupt()
  expect(run.causes()).toEqual(['`src/link/deeper/b`'])
})

test('a burst of a thousand edits is a handful of rounds', async () => {
  const it = workspace()
  const run = watching(it, 'gather')
  await run.waits(1)
  const names = Array.from({ length: 1000 }, (_, number) => `${number}`.padStart(4, '0'))
  for (const name of names) it.write(`src/${name}`, `${name}\n`)
  const all = `${names.join('\n')}\na\n`
  const made = () => existsSync(join(it.root, 'src/all')) && it.read('src/all')
  await vi.waitUntil(() => made() === all, { timeout: 80_000 })
  await run.interrupt()
  expect(run.causes().length).toBeLessThan(10)
  expect(run.output.stdout).toContain('`src/0000`, `src/0001`, `src/0002` and ')
})

test('a run that a change makes stale is ended in order, and starts anew', async () => {
  const it = workspace({ hold: 'yes' })
  const run = watching(it, 'held', '--log-format', 'json')
  await run.printed('begun')
  it.write('hold', 'no')
  await run.waits(1)
  const { exitCode, stdout } = await run.interrupt()
  expect(exitCode).toBe(130)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const told = events.filter(({ type }) => /^run-|^task-end/.test(type))
  expect(told.map(({ type, status, exitCode }) => status ?? exitCode ?? type)).toEqual([
    'run-start',
    'cancelled',
    143,
    'run-start',
    'ran',
    0,
  ])
  expect(run.causes()).toEqual(['`hold`'])
})

test('while another run is at work it waits, says so once, and misses no change', async () => {
  const it = workspace({ hold: 'yes' })
  const other = it.start(['run', 'held'])
  await other.printed('begun')
  const run = watching(it, 'gather')
  await run.printed('waits for its end')
  other.child.kill('SIGINT')
  await other.ended
  await run.waits(1)
  expect(it.read('src/all')).toBe('a\n')
  await run.interrupt()
  expect(run.output.stderr.match(/Another run is at work/g)).toHaveLength(1)
})

test('two that watch the same files side by side both follow every change', async () => {
  const it = workspace()
  const [one, other] = [watching(it, 'gather'), watching(it, 'gather')]
  await Promise.all([one.waits(1), other.waits(1)])
  it.write('src/a', 'b\n')
  await Promise.all([one.waits(2), other.waits(2)])
  expect([await one.interrupt(), await other.interrupt()]).toMatchObject([
    { stderr: expect.not.stringContaining('Error') },
    { stderr: expect.not.stringContaining('Error') },
  ])
  expect(it.read('src/all')).toBe('b\n')
})

test('a failure waits for the change that puts it right', async () => {
  const it = workspace({ hold: 'broken' })
  const run = watching(it, 'held')
  await run.waits(1)
  expect(run.output.stderr).toContain('it is broken')
  it.write('hold', 'no')
  await run.printed('✓ held ran')
  expect((await run.interrupt()).exitCode).toBe(130)
})

test('an edited task runs as it is now; one that cannot be loaded is told, and its next edit is tried', async () => {
  const it = workspace({ 'tasks/README.md': 'one' })
  const run = watching(it, 'held')
  await run.waits(1)
  it.write('tasks/index.ts', tasks.replace("log('done')", "log('done otherwise')"))
  await run.printed('done otherwise')
  await run.waits(2)
  it.write('tasks/helper.ts', 'export const word = ')
  it.write(
    'tasks/index.ts',
    `import { word } from './helper.ts'\n${tasks.replace("log('done')", 'log(word)')}`,
  )
  await run.waits(3)
  expect(run.output.stderr).toContain('tasks/helper.ts:1:20: ERROR: Unexpected end of file')
  it.write('tasks/helper.ts', 'export const word = "done with help"')
  await run.printed('done with help')
  await run.waits(4)
  it.write('tasks/README.md', 'two')
  it.write('tasks/helper.ts', 'export const word = "done with other help"')
  await run.printed('done with other help')
  await run.interrupt()
  expect(run.causes()).toEqual([
    '`tasks/index.ts`',
    expect.stringContaining('`tasks/index.ts`'),
    '`tasks/helper.ts`',
    '`tasks/helper.ts`',
  ])
})

test('the cluster file is an input of tasks that are configured by it', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { createRequire } from 'node:module'
      import { main, task } from 'ENGINE'
      const { z } = createRequire('ENGINE')('zod')
      const greet = task({ module: import.meta.url, name: 'greet', description: 'Greet',
        inputs: { values: ({ config }) => ({ word: config.word }) },
        async run({ config, log }) { log(config.word) } })
      await main({ tasks: [greet], config: z.strictObject({ word: z.string().default('nothing') }) })`,
    'cluster.yml': 'name: c\nuser: u\nhosts: {}\nword: hello\n',
  })
  const run = watching(it, 'greet')
  await run.printed('greet │ hello')
  await run.waits(1)
  it.write('cluster.yml', 'name: c\nuser: u\nhosts: {}\nwrod: hello\n')
  await run.waits(2)
  expect(run.output.stderr).toContain('Did you mean `word`?')
  it.write('cluster.yml', 'name: c\nuser: u\nhosts: {}\nword: goodbye\n')
  await run.printed('greet │ goodbye')
  await run.interrupt()
  expect(run.causes()).toEqual(['`cluster.yml`', '`cluster.yml`'])
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the run in order, and the watching with exit code %d', async (signal, exitCode) => {
  const run = watching(workspace({ hold: 'yes' }), 'held')
  await run.printed('begun')
  run.child.kill(signal)
  const ended = await run.ended
  expect(ended).toMatchObject({ exitCode, signal: null })
  expect(ended.stdout).toContain('· held cancelled')
  expect(ended.stderr).toBe(`\n${signal}: ending in order. Once more ends at once.\n`)
})

test('a second signal ends at once what does not end in order', async () => {
  const run = watching(workspace(), 'stubborn')
  await run.printed('begun')
  run.child.kill('SIGINT')
  await run.printed('ending in order')
  const again = setInterval(() => run.child.kill('SIGINT'), 100)
  const { exitCode, stdout } = await run.ended
  clearInterval(again)
  expect(exitCode).toBe(130)
  expect(stdout).not.toContain('Interrupted')
})

test('a watcher that is killed leaves no run behind', async () => {
  const run = watching(workspace({ hold: 'yes' }), 'held')
  await run.printed('begun')
  run.child.kill('SIGKILL')
  // Its output is closed only when the run and all that this started have ended, too.
  expect(await run.ended).toMatchObject({ signal: 'SIGKILL' })
})

test.each([
  [['--dry-run'], 'does not go with `--dry-run`: it would never run what has changed.'],
  [['--no-cache'], 'does not go with `--no-cache`'],
  [['--rebuild', 'gather'], 'does not go with `--rebuild`'],
])('%j and --watch exclude each other', async (options, problem) => {
  expect(await workspace().run('run', 'gather', '--watch', ...options)).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining(`Error: \`--watch\` ${problem}`),
  })
})

test.each([[['gathr']], [['gather', '--limit', 'nowhere']]])(
  'what can never run ends the watching: %j',
  async (args) => {
    expect(await workspace().run('run', ...args, '--watch')).toMatchObject({ exitCode: 2, stdout: '' })
  },
)
