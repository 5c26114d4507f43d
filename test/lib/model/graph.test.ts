import { expect, test } from 'vitest'
import { only, task } from '../../../lib/model/define-task.ts'
import { buildGraph, closure } from '../../../lib/model/graph.ts'
import { selectInstances } from '../../../lib/model/instance.ts'
import { UsageError } from '../../../lib/model/problem.ts'
import type { Task, TaskOptions } from '../../../lib/model/task.ts'

const make = (name: string, options: Partial<TaskOptions<any>> = {}): Task =>
  task({ module: `/w/tasks/${name}.ts`, name, description: name, run: async () => {}, ...options })

function problemOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof UsageError) return error.problem
    throw error
  }
  throw new Error('nothing was refused')
}

test('needs come before what needs them, also those that only a need names', () => {
  const a = make('a')
  const b = make('b', { needs: [a] })
  const c = make('c', { needs: [only(b, '**'), a] })
  expect(buildGraph([c]).tasks).toEqual([a, b, c])
})

test('a cycle is told whole', () => {
  const a = make('a')
  const b = make('b', { needs: [a] })
  const c = make('c', { needs: [b] })
  a.needs = [c]
  expect(problemOf(() => buildGraph([a, b, c]))).toEqual({ kind: 'cycle', tasks: ['a', 'c', 'b', 'a'] })
})

test('two tasks of one name are refused', () => {
  expect(problemOf(() => buildGraph([make('a'), make('a')]))).toMatchObject({
    kind: 'duplicate-task',
    task: 'a',
  })
})

test('an unknown target suggests the nearest', () => {
  const graph = buildGraph([make('compile'), make('test')])
  expect(problemOf(() => closure(graph, ['complie']))).toMatchObject({
    kind: 'no-such-target',
    nearest: ['compile'],
  })
})

test('a chain of a hundred thousand tasks does not overflow a stack', () => {
  const tasks: Task[] = []
  for (let i = 0; i < 100_000; i++) tasks.push(make(`t${i}`, i ? { needs: [tasks[i - 1]!] } : {}))
  expect(closure(buildGraph(tasks.toReversed()), ['t99999'])).toHaveLength(100_000)
})

const host = (role: string, name: string) => ({ name, role, address: name, root: '' })
const hosts = {
  master: [host('master', 'master')],
  slaves: [host('slaves', 'slave-1'), host('slaves', 'slave-2')],
}

function deployment() {
  const pack = make('pack', { on: 'master' })
  const ship = make('ship', { on: 'slaves', needs: [pack] })
  const start = make('start', { on: ['master', 'slaves'], needs: [ship] })
  return buildGraph([pack, ship, start])
}

const waits = (targets: string[], more = {}) =>
  Object.fromEntries(
    selectInstances(deployment(), hosts, { targets, ...more }).map(({ id, needs }) => [
      id,
      needs.flatMap(({ instances }) => instances.map(({ id }) => id)),
    ]),
  )

test('an instance waits for its own host where the needed task runs there, otherwise for all', () => {
  expect(waits(['start'])).toEqual({
    'pack@master': [],
    'ship@slave-1': ['pack@master'],
    'ship@slave-2': ['pack@master'],
    'start@master': ['ship@slave-1', 'ship@slave-2'],
    'start@slave-1': ['ship@slave-1'],
    'start@slave-2': ['ship@slave-2'],
  })
})

test('a named instance brings only what it needs', () => {
  expect(Object.keys(waits(['ship@slave-2']))).toEqual(['pack@master', 'ship@slave-2'])
  expect(Object.keys(waits(['ship@slave-2'], { only: true }))).toEqual(['ship@slave-2'])
})

test('--limit leaves out the other hosts of roles that have many', () => {
  expect(Object.keys(waits(['ship'], { limit: ['slave-1'] }))).toEqual(['pack@master', 'ship@slave-1'])
  expect(problemOf(() => waits(['ship'], { limit: ['slave-9'] }))).toMatchObject({ kind: 'no-such-host' })
})
