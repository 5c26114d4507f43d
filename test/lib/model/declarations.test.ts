import { expect, onTestFinished, test, vi } from 'vitest'
import { declarationsOf } from '../../../lib/model/declarations.ts'
import { task } from '../../../lib/model/define-task.ts'
import { Failed, refuse } from '../../../lib/model/failure.ts'
import { UsageError } from '../../../lib/model/problem.ts'

const host = { name: 'slave-1', role: 'slaves', address: '192.0.2.1', root: '' }
const hosts = { slaves: [host] }

function declare(options: object) {
  const declared = task({ module: '/w/a.ts', name: 'a', description: 'A', run: async () => {}, ...options })
  return declarationsOf({ task: declared, ...(declared.on && { host }) }, { level: 2 }, hosts)
}

function refused(options: object) {
  try {
    declare(options)
  } catch (error) {
    if (error instanceof UsageError && error.problem.kind === 'bad-task') return error.problem
    throw error
  }
  throw new Error('it was not refused')
}

test('functions are applied wherever they stand, and paths are made plain', () => {
  expect(
    declare({
      on: 'slaves',
      inputs: ({ host }: any) => ({
        files: () => ['./src//a', 'src/a', '!src/./b/'],
        values: ({ config }: any) => ({ level: config.level, name: host.name }),
      }),
      outputs: { files: () => ['/opt//a/', '/opt/a'] },
      collect: () => ({ files: ['/opt/a/x'], into: './dist/' }),
    }),
  ).toMatchObject({
    files: ['src/a', '!src/b'],
    values: { level: 2, name: 'slave-1' },
    outputs: ['/opt/a'],
    collect: { files: ['/opt/a/x'], into: 'dist' },
  })
})

test('what a function returns is looked at as if it stood there, and the host is named', () => {
  expect(refused({ on: 'slaves', inputs: () => ({ files: ['src', '../x'] }) })).toEqual({
    kind: 'bad-task',
    task: 'a',
    file: '/w/a.ts',
    field: 'inputs.files[1]',
    problem: 'is "../x": a path must not climb with `..`',
    advice: 'It is a function: look at what it does for `slave-1`.',
  })
})

test.each<[object, string]>([
  [{ inputs: () => undefined }, 'inputs'],
  [{ inputs: () => ({ file: [] }) }, 'inputs.file'],
  [{ inputs: { files: () => 'x' } }, 'inputs.files'],
  [{ inputs: { files: () => () => [] } }, 'inputs.files'],
  [{ inputs: { env: () => ['A B'] } }, 'inputs.env[0]'],
  [{ inputs: { values: () => ({ a: Number.NaN }) } }, 'inputs.values.a'],
  [{ inputs: { facts: () => ({ zk: { file: '/zk' } }) } }, 'inputs.facts.zk'],
  [{ inputs: { secrets: () => [1] } }, 'inputs.secrets[0]'],
  [{ inputs: { downloads: () => [undefined] } }, 'inputs.downloads[0]'],
  [{ outputs: () => ({ files: ['.'] }) }, 'outputs.files[0]'],
  [{ outputs: () => ({}) }, 'outputs.files'],
  [{ on: 'slaves', outputs: { files: () => ['x'] } }, 'outputs.files[0]'],
  [{ on: 'slaves', collect: () => ({ files: ['/x'], into: '..' }) }, 'collect.into'],
  [{ on: 'slaves', skip: () => '' }, 'skip'],
  [{ on: 'slaves', skip: () => true as never }, 'skip'],
])('%o is refused by its field', (options, field) => {
  expect(refused(options)).toMatchObject({ field })
})

test.each([
  [new Error('no such platform'), 'could not be told: no such platform'],
  [new Error(''), 'could not be told: it threw an error without words'],
  ['text', 'could not be told: it threw "text"'],
  [undefined, 'could not be told: it threw undefined'],
])('a function that throws %o is told with its field', (thrown, problem) => {
  const values = () => {
    throw thrown
  }
  expect(refused({ inputs: { values } })).toMatchObject({ task: 'a', field: 'inputs.values', problem })
})

test('a function that throws what cannot be read is told with its field, too', () => {
  const message = () => {
    throw new Error('in turn')
  }
  const values = () => {
    throw Object.defineProperty(new Error(), 'message', { get: message })
  }
  expect(refused({ inputs: { values } })).toMatchObject({
    task: 'a',
    field: 'inputs.values',
    problem: 'could not be told: it threw one that cannot be read',
  })
})

test.each([[[]], [[3]]])(
  'a function that would end the program is refused instead: process.exit(%o)',
  (code) => {
    const files = () => process.exit(...code)
    expect(refused({ outputs: { files } })).toMatchObject({
      task: 'a',
      field: 'outputs.files',
      problem: `could not be told: it called \`process.exit(${code.join()})\``,
    })
  },
)

test('what a function says in its own words is left as it is', () => {
  const values = () => refuse('That platform is unknown.', 'Choose another.')
  expect(() => declare({ inputs: { values } })).toThrow(Failed)
})

const throwing = () => {
  throw new Error('no s3cr3t')
}

test.each<[string, object]>([
  ['throws', { inputs: { secrets: ['TOKEN'], values: throwing } }],
  ['throws, the secrets being told by another', { inputs: { secrets: () => ['TOKEN'], values: throwing } }],
  ['says in its own words', { inputs: { secrets: ['TOKEN'] }, outputs: () => refuse('no s3cr3t', 's3cr3t') }],
  ['returns', { inputs: { secrets: ['TOKEN'], env: () => ['s3cr3t!'] } }],
  ['returns for all inputs', { inputs: () => ({ secrets: ['TOKEN'], env: ['s3cr3t!'] }) }],
  ['would be written', { inputs: { secrets: ['TOKEN'], env: ['s3cr3t!'] } }],
])('no secret is shown in what a declaration %s', (_, options) => {
  vi.stubEnv('TOKEN', 's3cr3t')
  onTestFinished(() => void vi.unstubAllEnvs())
  const refusal: unknown = (() => {
    try {
      return declare(options)
    } catch (error) {
      return error
    }
  })()
  expect(refusal).toBeInstanceOf(Error)
  expect(JSON.stringify(refusal)).toContain('***')
  expect(JSON.stringify(refusal)).not.toContain('s3cr3t')
})

test('a promise is refused, and what becomes of it disturbs nobody', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  onTestFinished(() => void process.off('unhandledRejection', unhandled))
  expect(refused({ inputs: { env: () => Promise.reject(new Error('late')) } }).problem).toBe(
    'must be an array of names of variables, not a Promise',
  )
  await new Promise(setImmediate)
  expect(unhandled).not.toHaveBeenCalled()
})

test.each<[object, string]>([
  [{ inputs: { env: ['TOKEN'], secrets: () => ['TOKEN'] } }, 'inputs.secrets'],
  [{ inputs: { downloads: ['x', 'x'].map((name) => ({ name, url: 'http://x' })) } }, 'inputs.downloads'],
  [{ on: 'slaves', collect: { files: ['/a/x', '/b/x'] } }, 'collect.files'],
])('%o cannot be together', (options, field) => {
  expect(refused(options)).toMatchObject({ field })
})

test('a download without a digest is refused, with how to come by one', () => {
  const refusal = refused({ inputs: { downloads: [{ name: 'x.zip', url: 'http://x' }] } })
  expect(refusal.problem).toMatch(/^has no digest for `x\.zip`/)
  expect(refusal.advice).toMatch(/sha256sum/)
})
