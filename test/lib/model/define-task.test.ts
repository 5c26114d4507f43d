import fc from 'fast-check'
import { expect, test } from 'vitest'
import { task } from '../../../lib/model/define-task.ts'
import { UsageError } from '../../../lib/model/problem.ts'

const good = { module: '/w/tasks/a.ts', name: 'a', description: 'Make a', run: async () => {} }

function refused(options: object) {
  try {
    task(options as any)
  } catch (error) {
    if (error instanceof UsageError && error.problem.kind === 'bad-task') return error.problem
    throw error
  }
  return undefined
}

test.each([
  [{ nam: 'a' }, 'nam'],
  [{ name: '' }, 'name'],
  [{ name: 'a@b' }, 'name'],
  [{ name: '../a' }, 'name'],
  [{ description: ' ' }, 'description'],
  [{ run: 'make' }, 'run'],
  [{ needs: ['b'] }, 'needs'],
  [{ inputs: { file: ['x'] } }, 'inputs'],
  [{ inputs: { files: 'x' } }, 'inputs'],
  [{ inputs: { files: ['../x'] } }, 'inputs'],
  [{ inputs: { env: ['A=B'] } }, 'inputs'],
  [{ outputs: { files: ['..'] } }, 'outputs'],
  [{ outputs: { files: ['/etc/passwd'] } }, 'outputs'],
  [{ outputs: { files: ['a\\b'] } }, 'outputs'],
  [{ on: 'slaves', outputs: { files: ['relative'] } }, 'outputs'],
  [{ collect: { files: ['/a'] } }, 'collect'],
  [{ timeout: '10 minutes' }, 'timeout'],
  [{ retries: -1 }, 'retries'],
  [{ tolerate: '200%' }, 'tolerate'],
  [{ pool: 3 }, 'pool'],
])('%j is refused by its field', (wrong, field) => {
  expect(refused({ ...good, ...wrong })).toMatchObject({
    task: expect.any(String),
    file: '/w/tasks/a.ts',
    field,
  })
})

test('a field that is missing is named', () => {
  const { run: _, ...rest } = good
  expect(refused(rest)).toMatchObject({ field: 'run', problem: 'is missing' })
})

test('a mistyped field suggests the nearest', () => {
  expect(refused({ ...good, outpts: {} })).toMatchObject({ advice: 'Did you mean `outputs`?' })
})

test('whatever is declared, a task comes out or a refusal that names task and field', () => {
  const field = fc.constantFrom(
    'name',
    'description',
    'needs',
    'on',
    'inputs',
    'outputs',
    'collect',
    'pool',
    'timeout',
    'retries',
    'tolerate',
    'probe',
    '__proto__',
    'constructor',
  )
  fc.assert(
    fc.property(fc.dictionary(field, fc.anything()), (wrong) => {
      const problem = refused({ ...good, ...wrong })
      if (problem) expect(problem.field).not.toBe('')
    }),
  )
})
