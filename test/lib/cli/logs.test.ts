import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

const tasks = `
  import { main, task } from 'ENGINE'
  const module = import.meta.url
  const make = (name, more) => task({ module, name, description: name, async run({ log }) { log('done') }, ...more })
  await main({ tasks: [make('build'), make('spread', { on: 'slaves' })], roles: { slaves: 'many' } })
`

const workspace = (logs: Record<string, string>) =>
  new Workspace({
    'tasks/index.ts': tasks,
    ...Object.fromEntries(Object.entries(logs).map(([name, text]) => [`.cache/logs/${name}.log`, text])),
  })

test('one log is printed as it is', async () => {
  const it = workspace({ build: 'one\ntwo\n', builder: 'another\n' })
  expect(await it.run('logs', 'build')).toMatchObject({ exitCode: 0, stdout: 'one\ntwo\n', stderr: '' })
})

test('the logs of several hosts have titles, and a host may be named', async () => {
  const it = workspace({ 'spread@slave-1': 'one\n', 'spread@slave-2': 'two\n' })
  expect((await it.run('logs', 'spread')).stdout).toBe(
    '==> spread@slave-1 <==\none\n\n==> spread@slave-2 <==\ntwo\n',
  )
  expect((await it.run('logs', 'spread@slave-2')).stdout).toBe('two\n')
})

test('without a log it says so', async () => {
  expect(await workspace({}).run('logs', 'build')).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr:
      'There is no log of build: it has not run here, or so long ago that the cache no longer knows of it.\n',
  })
})

test('a task that printed nothing has no log, and that is said', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const quiet = task({ module: import.meta.url, name: 'quiet', description: 'Say nothing', async run() {} })
      await main({ tasks: [quiet] })`,
  })
  await it.run('run', 'quiet')
  expect(await it.run('logs', 'quiet')).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: 'quiet printed nothing.\n',
  })
})

test('a log that was removed from the cache is told from one that never was', async () => {
  const it = workspace({})
  await it.run('run', 'build')
  rmSync(join(it.root, '.cache/logs/build.log'))
  const { exitCode, stderr } = await it.run('logs', 'build')
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr:
      'There is no log of build any more: it was removed from the cache. ' +
      '`run build --rebuild build` makes a new one.\n',
  })
  await it.run('run', 'build', '--rebuild', 'build')
  expect((await it.run('logs', 'build')).exitCode).toBe(0)
})

test('--follow prints what is added, until interrupted', async () => {
  const it = workspace({ build: 'one\n' })
  const run = it.start(['logs', 'build', '--follow'])
  await run.printed('one\n')
  appendFileSync(join(it.root, '.cache/logs/build.log'), 'two\n')
  await run.printed('two\n')
  it.write('.cache/logs/build.log', 'new\n')
  await run.printed('new\n')
  run.child.kill('SIGINT')
  expect(await run.ended).toMatchObject({ exitCode: 130, stdout: 'one\ntwo\nnew\n' })
})

test('--follow shows each new log from its start, however long the one before was', async () => {
  const it = workspace({})
  it.write('.cache/logs/build.log', 'the first\n')
  const run = it.start(['logs', 'build', '--follow'])
  await run.printed('the first\n')
  rmSync(join(it.root, '.cache/logs/build.log'))
  it.write('.cache/logs/build.log', 'the other\n')
  await run.printed('the other\n')
  rmSync(join(it.root, '.cache/logs/build.log'))
  it.write('.cache/logs/build.log', 'and a longer one\n')
  await run.printed('and a longer one\n')
  run.child.kill('SIGINT')
  expect((await run.ended).stdout).toBe('the first\nthe other\nand a longer one\n')
})
