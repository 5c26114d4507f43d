import { execFileSync } from 'node:child_process'
import { copyFileSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'

test('a pipe that is a declared input is refused, and not waited for', async () => {
  const { rig, path } = copying({ inputs: ['in/a', 'in/pipe'] })
  execFileSync('mkfifo', [path('in/pipe')])
  const { failures } = await rig.run(['copy'])
  expect(failures.copy).toEqual({ kind: 'file-fault', path: 'in/pipe', problem: 'no-file' })
})

test('pipes and sockets that a glob meets are no inputs', async () => {
  const { rig, path } = copying({ inputs: ['in/**'] })
  execFileSync('mkfifo', [path('in/pipe')])
  const server = createServer().listen(path('in/socket'))
  onTestFinished(() => void server.close())
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'ran' })
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'up-to-date' })
})

test('a link that leads nowhere, or to itself, counts by where it leads', async () => {
  const { rig, path } = copying({ inputs: ['in/**'] })
  symlinkSync('nowhere', path('in/link'))
  symlinkSync('itself', path('in/itself'))
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'ran' })
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'up-to-date' })
  rmSync(path('in/link'))
  symlinkSync('elsewhere', path('in/link'))
  expect((await rig.run(['copy'])).reasons.copy).toMatchObject([{ kind: 'input-changed', path: 'in/link' }])
})

test('an input whose folder is a link to itself is its own failure only, and not known when looked at', async () => {
  const { rig, path } = copying({ inputs: ['loop/a'] })
  symlinkSync('loop', path('loop'))
  rig.task({ name: 'other', run: async () => {} })
  const fault = { kind: 'file-fault', path: 'loop/a', problem: 'endless-link' }
  expect(await rig.look(['copy', 'other'])).toEqual({
    copy: { status: 'unknown', reasons: [fault] },
    other: { status: 'ran', reasons: [{ kind: 'never-ran' }] },
  })
  const { statuses, failures } = await rig.run(['copy', 'other'], { keepGoing: true })
  expect([statuses, failures.copy]).toEqual([{ copy: 'failed', other: 'ran' }, fault])
})

test('a pipe that a task makes as its output is its failure', async () => {
  const { rig } = copying({ copy: (_, to) => execFileSync('mkfifo', [to]) })
  const { failures } = await rig.run(['copy'])
  expect(failures.copy).toEqual({ kind: 'file-fault', path: 'out/a', problem: 'no-file' })
})

const inPlace: Record<string, (place: string) => void> = {
  'an empty folder': (place) => mkdirSync(place),
  'a full folder': (place) => {
    mkdirSync(join(place, 'deep'), { recursive: true })
    writeFileSync(join(place, 'deep/inside'), 'x')
  },
  'a pipe': (place) => void execFileSync('mkfifo', [place]),
  'a link': (place) => symlinkSync('../in/a', place),
}

for (const [what, put] of Object.entries(inPlace)) {
  test(`${what} where an output was is replaced by it`, async () => {
    const { rig, path } = copying()
    await rig.run(['copy'])
    rmSync(path('out/a'))
    put(path('out/a'))
    expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'restored' })
    expect([lstatSync(path('out/a')).isFile(), readFileSync(path('out/a'), 'utf8')]).toEqual([true, 'one'])
  })

  test(`${what} where a task makes a file is gone when the task starts`, async () => {
    const { rig, path } = copying()
    mkdirSync(path('out'))
    put(path('out/a'))
    expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'ran' })
    expect([lstatSync(path('out/a')).isFile(), readFileSync(path('out/a'), 'utf8')]).toEqual([true, 'one'])
  })
}

test('a task whose output is a folder does not find it when it runs again', async () => {
  const { rig, path } = copying({
    output: 'out/folder',
    copy: (from, to) => {
      mkdirSync(to)
      copyFileSync(from, join(to, 'a'))
    },
  })
  await rig.run(['copy'])
  mkdirSync(path('out/folder/empty'))
  rig.write({ 'in/a': 'two' })
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'ran' })
  expect(readFileSync(path('out/folder/a'), 'utf8')).toBe('two')
})

test('empty folders that are no outputs stay when a task starts', async () => {
  const { rig, path } = copying({
    output: 'out/*.txt',
    copy: (from, to) => copyFileSync(from, to.replace('*', 'a')),
  })
  mkdirSync(path('out/empty'), { recursive: true })
  await rig.run(['copy'])
  expect(lstatSync(path('out/empty')).isDirectory()).toBe(true)
})

test('a file where the folder of outputs should be fails the task, and stays', async () => {
  const { rig, path } = copying()
  rig.write({ out: 'mine' })
  const { failures } = await rig.run(['copy'])
  expect(failures.copy).toEqual({ kind: 'file-fault', path: 'out', problem: 'below-a-file' })
  expect(readFileSync(path('out'), 'utf8')).toBe('mine')
})

test('a log that cannot be begun is told once, and what lies there is kept with no result', async () => {
  const { rig, path } = copying()
  mkdirSync(path('.cache/logs/copy.log'), { recursive: true })
  const { statuses, warnings } = await rig.run(['copy'])
  expect(statuses).toEqual({ copy: 'ran' })
  expect(warnings).toMatchObject([{ kind: 'cache-fault', what: 'the log of `copy` could not be written' }])
})

test('a file where the cache should be fails no run, is told, and stays', async () => {
  const { rig, path } = copying()
  rig.write({ '.cache': 'mine' })
  for (const _ of ['first', 'second']) {
    const { statuses, warnings } = await rig.run(['copy'])
    expect(statuses).toEqual({ copy: 'ran' })
    expect(warnings).toEqual([
      expect.objectContaining({ kind: 'cache-fault', detail: { path: '.cache', problem: 'below-a-file' } }),
      expect.objectContaining({ kind: 'more-cache-faults' }),
    ])
  }
  expect(readFileSync(path('.cache'), 'utf8')).toBe('mine')
})

/** One task, which copies a file. */
function copying({ inputs = ['in/a'], output = 'out/a', copy = copyFileSync as Copy } = {}) {
  const rig = new EngineRig()
  const path = (name: string) => join(rig.root, name)
  rig.write({ 'in/a': 'one' })
  rig.task({
    name: 'copy',
    inputs: { files: inputs },
    outputs: { files: [output] },
    run: async () => copy(path('in/a'), path(output)),
  })
  return { rig, path }
}

type Copy = (from: string, to: string) => void
