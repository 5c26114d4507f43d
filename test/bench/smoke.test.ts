import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { ratio } from './figures.ts'
import { floors } from './floors.ts'
import { report } from './report.ts'
import { scenarios } from './scenarios.ts'
import { hold } from './session.ts'
import { engine } from './tools/engine.ts'
import { make } from './tools/make.ts'
import { needsOf, parseWorkload, tasksOf } from './workload.ts'

const minutes = 60_000

test(
  'every scenario makes the engine run what it promises, and make what make runs',
  async () => {
    const workload = parseWorkload('24x2')
    const folder = mkdtempSync(join(tmpdir(), 'bench-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { signal } = new AbortController()
    const tools = [engine, make]
    const results = await hold({
      workload,
      tools,
      scenarios,
      rounds: 1,
      jobs: 2,
      rest: 0,
      folder,
      signal,
      tell: () => {},
    })

    const faults = results.flatMap(({ attempts }) => attempts.map(({ fault }) => fault))
    expect(faults.filter((fault) => fault !== undefined)).toEqual([])
    const ranBy = (name: string) =>
      Object.fromEntries(
        results
          .filter(({ runner }) => runner.name === name)
          .map(({ scenario, attempts }) => [scenario.name, attempts[0]!.ran]),
      )
    expect(ranBy('engine')).toEqual({
    cold: 24, noop: 0, touched: 0, leaf: 1, comment: 1, deleted: 0, reverted: 0, list: undefined,
  }) // biome-ignore format: a table
    expect(ranBy('make')).toEqual({
    cold: 24, noop: 0, touched: 24, leaf: 1, comment: 3, deleted: 24, reverted: 1,
  }) // biome-ignore format: a table

    const besideNoop = results.filter(({ attempts }) => attempts.every(({ noop }) => noop))
    expect(new Set(besideNoop.map(({ scenario }) => scenario.name))).toEqual(
      new Set(['touched', 'leaf', 'comment', 'deleted', 'reverted']),
    )

    const table = report(workload, results)
    for (const { name } of [...tools, ...floors]) expect(table).toContain(name)
  },
  5 * minutes,
)

test('a ratio does not change where the machine becomes slower for some rounds', () => {
  expect(ratio([3, 3, 6, 6, 6], [2, 2, 4, 4, 4])).toBe('1.50')
  expect(ratio([3, 6, 6, 3, 6], [2, 2, 4, 2, 4])).toBe('1.50')
})

test('an edit at the root of a hundred tasks reaches thirty-one', () => {
  const workload = parseWorkload('100x10')
  const reached = new Set([0])
  for (const task of tasksOf(workload))
    if (needsOf(workload, task).some((need) => reached.has(need))) reached.add(task)
  expect(reached.size).toBe(31)
})

test('a name that is not known is refused with those that are', () => {
  const program = fileURLToPath(new URL('index.ts', import.meta.url))
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), program, '--tools', 'engin'],
    { encoding: 'utf8' },
  )
  expect(status).toBe(2)
  expect(stderr).toBe(
    'There is no tool `engin`. There are: engine,engine-npx,make,ninja,ninja-restat,doit,wireit,turbo,nx,nx-no-daemon,lage,moon\n',
  )
})
