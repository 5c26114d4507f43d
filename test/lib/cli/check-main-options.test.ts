import { expect, test } from 'vitest'
import { checkMainOptions } from '../../../lib/cli/check-main-options.ts'
import { commonOptions } from '../../../lib/cli/common-options.ts'
import type { MainOptions } from '../../../lib/cli/main-options.ts'
import { task } from '../../../lib/model/define-task.ts'
import { UsageError } from '../../../lib/model/problem.ts'

const make = (options: object = {}) =>
  task({ module: '/w/tasks/a.ts', name: 'a', description: 'Make a', run: async () => {}, ...options })

const a = make()

function refused(options: unknown) {
  try {
    checkMainOptions(options as any, commonOptions)
  } catch (error) {
    if (error instanceof UsageError) return error.problem
    throw error
  }
  throw new Error('it was not refused')
}

test.each<[object, string, string]>([
  [{ task: [] }, 'task', 'is not known'],
  [{ tasks: undefined }, 'tasks', 'is missing'],
  [{ tasks: make() }, 'tasks', 'must be an array of tasks'],
  [{ tasks: [make(), undefined] }, 'tasks[1]', 'is undefined'],
  [{ tasks: [{ ...make() }] }, 'tasks[0]', 'as `task()` returns it'],
  [{ config: {} }, 'config', 'must be a zod schema'],
  [{ roles: ['master'] }, 'roles', 'must be an object'],
  [{ roles: { master: 1 } }, 'roles.master', 'must be `one` or `many`, not 1'],
  [{ roles: { quiet: 'one' } }, 'roles.quiet', 'is an option of the command line'],
  [{ roles: { 'a b': 'one' } }, 'roles["a b"]', 'must be a word'],
  [{ pools: { cpu: 0 } }, 'pools.cpu', 'must be a whole number'],
  [{ pools: { cpu: '2' } }, 'pools.cpu', 'must be a whole number'],
  [{ roles: { master: 'one' }, lease: 'mater' }, 'lease', 'must be a role of one host'],
  [{ roles: { slaves: 'many' }, lease: 'slaves' }, 'lease', 'must be a role of one host'],
  [{ lease: 'constructor' }, 'lease', 'must be a role of one host'],
  [{ cache: '10GB' }, 'cache', 'must be an object'],
  [{ cache: { size: '10GB' } }, 'cache.size', 'is not known'],
  [
    { cache: { maxSize: 10e9 } },
    'cache.maxSize',
    'must be a size such as `10GB` or `500MB`, not 10000000000',
  ],
  [{ cache: { maxSize: '10 G' } }, 'cache.maxSize', 'must be a size'],
  [{ sandbox: true }, 'sandbox', 'must be an object'],
  [{ sandbox: { hosts: { master: 1 } } }, 'sandbox.ports', 'is missing'],
  [{ links: [] }, 'links', 'must be a function'],
  [{ deepCheck: 'a' }, 'deepCheck', 'as `task()` returns it'],
  [{ deepCheck: make({ name: 'b', always: true }) }, 'deepCheck', 'is `b`, which is not among `tasks`'],
  [{ tasks: [a], deepCheck: a }, 'deepCheck', 'would not run again once it has run'],
])('%o is refused by its field', (wrong, field, problem) => {
  expect(refused({ tasks: [make()], ...wrong })).toMatchObject({
    kind: 'bad-main',
    field,
    problem: expect.stringContaining(problem),
    advice: expect.stringMatching(/\S/),
  })
})

test.each([undefined, null, [], make])('%o is no options', (options) => {
  expect(refused(options)).toMatchObject({ kind: 'bad-main', field: '' })
})

test('a task whose role nobody names would run nowhere, and is refused by task, file and field', () => {
  expect(
    refused({ tasks: [make({ on: ['master', 'slave'] })], roles: { master: 'one', slaves: 'many' } }),
  ).toEqual({
    kind: 'bad-task',
    task: 'a',
    file: '/w/tasks/a.ts',
    field: 'on',
    problem: 'names the role `slave`, which `main()` does not',
    advice: 'Did you mean `slaves`?',
  })
})

test.each<[string[], string]>([
  [['two'], 'Did you mean `two`?'],
  [['two', 'network'], 'Did you mean `two`?'],
  [[], 'No task names a `pool`.'],
])('a capacity that no task uses is refused, beside tasks of the pools %o', (used, advice) => {
  const tasks = used.map((pool, number) => make({ name: `a${number}`, pool }))
  expect(refused({ tasks: [...tasks, make()], pools: { tow: 3 } })).toEqual({
    kind: 'bad-main',
    field: 'pools.tow',
    problem: 'is the capacity of a pool that no task uses',
    advice,
  })
})

test('a task that is merely needed has a pool and a role, too', () => {
  const needing = (options: object) => [make({ name: 'b', needs: [make(options)] })]
  const check = (options: MainOptions) => checkMainOptions(options, commonOptions)
  expect(() => check({ tasks: needing({ pool: 'two' }), pools: { two: 2 } })).not.toThrow()
  expect(refused({ tasks: needing({ on: 'slave' }), roles: { slaves: 'many' } })).toMatchObject({
    kind: 'bad-task',
    field: 'on',
  })
})
