import { expect, test } from 'vitest'
import { only, task } from '../../../lib/model/define-task.ts'
import { UsageError } from '../../../lib/model/problem.ts'
import { explain } from '../../../lib/report/words/explained.ts'
import { problemInWords } from '../../../lib/report/words/problem.ts'

const good = { module: '/w/tasks/a.ts', name: 'a', description: 'Make a', run: async () => {} }
const needed = task({ ...good, name: 'b' })

function refused(options: unknown) {
  try {
    task(options as any)
  } catch (error) {
    if (error instanceof UsageError && error.problem.kind === 'bad-task') return error.problem
    throw error
  }
  throw new Error('it was not refused')
}

test.each<[object, string, string?]>([
  [{ nam: 'a' }, 'nam', 'is not known'],
  [{ constructor: 'a' }, 'constructor'],
  [{ module: '' }, 'module'],
  [{ module: 'tasks/a.ts' }, 'module'],
  [{ module: 'https://example.org/a.ts' }, 'module'],
  [{ module: 'file://elsewhere/a.ts' }, 'module'],
  [{ name: '' }, 'name'],
  [{ name: 'a@b' }, 'name'],
  [{ name: '../a' }, 'name'],
  [{ name: 'a/b' }, 'name'],
  [{ name: '.a' }, 'name'],
  [{ name: '-a' }, 'name'],
  [{ name: 'a\n' }, 'name'],
  [{ name: 'é' }, 'name'],
  [{ name: 5 }, 'name'],
  [{ name: 'a'.repeat(101) }, 'name'],
  [{ description: ' ' }, 'description'],
  [{ description: 'one\ntwo' }, 'description'],
  [{ run: 'make' }, 'run'],
  [{ probe: true }, 'probe'],
  [{ needs: 'b' }, 'needs'],
  [{ needs: ['b'] }, 'needs[0]'],
  [{ needs: [{ ...needed }] }, 'needs[0]', 'must be a task, as `task()` returns it, not an object'],
  [{ needs: [needed, undefined] }, 'needs[1]', 'is undefined'],
  [{ needs: new Array(1) }, 'needs[0]', 'is undefined'],
  [{ needs: [only(undefined as any, '**')] }, 'needs[0].only', 'is undefined'],
  [{ needs: [only(needed)] }, 'needs[0].only', 'must name outputs'],
  [{ needs: [only(needed, '../x')] }, 'needs[0].only[0]'],
  [{ needs: [needed, only(needed, 'x')] }, 'needs', 'names `b` twice'],
  [{ on: '' }, 'on'],
  [{ on: [] }, 'on'],
  [{ on: ['slaves', 'slaves'] }, 'on'],
  [{ inputs: [] }, 'inputs', 'must be an object, not an array'],
  [{ inputs: new Map() }, 'inputs', 'must be an object, not a Map'],
  [{ inputs: { file: ['x'] } }, 'inputs.file', 'is not known'],
  [{ inputs: { files: 'x' } }, 'inputs.files', 'must be an array of paths, not "x"'],
  [{ inputs: { files: [5] } }, 'inputs.files[0]', 'must be a path, not 5'],
  [{ inputs: { files: ['x', '../x'] } }, 'inputs.files[1]', 'climb'],
  [{ inputs: { files: ['a/{..,b}/c'] } }, 'inputs.files[0]', 'climb'],
  [{ inputs: { files: ['/x'] } }, 'inputs.files[0]', 'relative'],
  [{ inputs: { files: ['{/etc/passwd,x}'] } }, 'inputs.files[0]', 'relative'],
  [{ inputs: { files: [''] } }, 'inputs.files[0]', 'empty'],
  [{ inputs: { files: ['!'] } }, 'inputs.files[0]', 'empty'],
  [{ inputs: { files: ['x{,y}', '{,y}'] } }, 'inputs.files[1]', 'empty'],
  [{ inputs: { files: ['!x'] } }, 'inputs.files', 'names nothing'],
  [{ inputs: { files: ['!!x'] } }, 'inputs.files[0]', '`!`'],
  [{ inputs: { files: ['./!x'] } }, 'inputs.files[0]', '`!`'],
  [{ inputs: { files: ['!(a|b)'] } }, 'inputs.files[0]', '`!`'],
  [{ inputs: { files: ['a[b'] } }, 'inputs.files[0]', 'bracket'],
  [{ inputs: { files: ['a]*'] } }, 'inputs.files[0]', 'bracket'],
  [{ inputs: { files: ['a[]'] } }, 'inputs.files[0]', 'bracket'],
  [{ inputs: { files: ['{a,b'] } }, 'inputs.files[0]', 'brace'],
  [{ inputs: { files: ['a}{'] } }, 'inputs.files[0]', 'brace'],
  [{ inputs: { files: ['{1..9}'] } }, 'inputs.files[0]', 'ranges'],
  [{ inputs: { files: ['@(a|b'] } }, 'inputs.files[0]', 'parenthesis'],
  [{ inputs: { files: ['+(a|+(b))'] } }, 'inputs.files[0]', 'parenthesis'],
  [{ inputs: { files: ['"a"*'] } }, 'inputs.files[0]', 'quotes'],
  [{ inputs: { files: ['src/**.c'] } }, 'inputs.files[0]', '`**` must stand alone'],
  [{ inputs: { files: ['{a,b}'.repeat(40)] } }, 'inputs.files[0]', 'more than 1000'],
  [{ inputs: { files: ['{'.repeat(3000)] } }, 'inputs.files[0]', 'brace'],
  [{ inputs: { files: ['a/'.repeat(3000)] } }, 'inputs.files[0]', 'longer'],
  [{ inputs: { files: ['a\u0000'] } }, 'inputs.files[0]', 'control'],
  [{ inputs: { env: ['A=B'] } }, 'inputs.env[0]'],
  [{ inputs: { env: [''] } }, 'inputs.env[0]'],
  [{ inputs: { env: { CC: 'gcc' } } }, 'inputs.env', 'must be an array'],
  [{ inputs: { secrets: ['1A'] } }, 'inputs.secrets[0]'],
  [{ inputs: { values: [1] } }, 'inputs.values', 'must be an object of JSON values, not an array'],
  [{ inputs: { values: { a: Number.NaN } } }, 'inputs.values.a', 'is NaN'],
  [{ inputs: { values: { a: { b: [1, undefined] } } } }, 'inputs.values.a.b[1]', 'is undefined'],
  [{ inputs: { values: { a: () => 1 } } }, 'inputs.values.a', 'is a function'],
  [{ inputs: { values: { a: 1n } } }, 'inputs.values.a', 'is a bigint'],
  [{ inputs: { values: { a: Symbol('x') } } }, 'inputs.values.a', 'is a symbol'],
  [{ inputs: { values: { a: new Date() } } }, 'inputs.values.a', 'is a Date'],
  [{ inputs: { values: { a: new Map() } } }, 'inputs.values.a', 'is a Map'],
  [{ inputs: { values: { 'a b': new Set() } } }, 'inputs.values["a b"]', 'is a Set'],
  [{ inputs: { values: { a: circle() } } }, 'inputs.values.a.b[0].b', 'holds itself'],
  [{ inputs: { values: { a: nested(200) } } }, `inputs.values.a${'[0]'.repeat(100)}`, 'nested'],
  [{ inputs: { facts: { zk: '/etc/zk' } } }, 'inputs.facts.zk'],
  [{ inputs: { facts: { zk: { role: 'master' } } } }, 'inputs.facts.zk', '`file` or a `command`'],
  [{ inputs: { facts: { zk: { role: 'master', file: '/a', command: 'b' } } } }, 'inputs.facts.zk'],
  [{ inputs: { facts: { zk: { role: 'master', file: 'a' } } } }, 'inputs.facts.zk.file'],
  [{ inputs: { facts: { zk: { file: '/a' } } } }, 'inputs.facts.zk', 'does not say of which role'],
  [{ inputs: { facts: { zk: { rolle: 'master', file: '/a' } } } }, 'inputs.facts.zk.rolle'],
  [{ inputs: { downloads: [{ name: 'x' }] } }, 'inputs.downloads[0].url', 'is missing'],
  [{ inputs: { downloads: [{ name: 'a/b', url: 'x' }] } }, 'inputs.downloads[0].name'],
  [{ inputs: { downloads: [{ name: '..', url: 'x' }] } }, 'inputs.downloads[0].name'],
  [{ inputs: { downloads: [{ name: 'a', url: 'x', sha256: 'abc' }] } }, 'inputs.downloads[0].sha256'],
  [{ inputs: { downloads: [{ name: 'a', url: 'x', mirrors: 'y' }] } }, 'inputs.downloads[0].mirrors'],
  [{ outputs: {} }, 'outputs.files', 'is missing'],
  [{ outputs: ['x'] }, 'outputs'],
  [{ outputs: { files: ['..'] } }, 'outputs.files[0]'],
  [{ outputs: { files: ['/etc/passwd'] } }, 'outputs.files[0]'],
  [{ outputs: { files: ['a\\b'] } }, 'outputs.files[0]'],
  ...['.', './', '*', '**', '**/*', '*/**', '.*', '{a,**}'].map((path): [object, string, string] => [
    { outputs: { files: [path] } },
    'outputs.files[0]',
    'everything',
  ]),
  ...['.cache', './.git//x', 'node_modules/p', 'a/node_modules', '{a,.git}/x'].map(
    (path): [object, string, string] => [
      { outputs: { files: [path] } },
      'outputs.files[0]',
      'no place for outputs',
    ],
  ),
  [{ on: 'slaves', outputs: { files: ['relative'] } }, 'outputs.files[0]', 'absolute'],
  [{ on: 'slaves', outputs: { files: ['/'] } }, 'outputs.files[0]', 'everything'],
  [{ on: 'slaves', outputs: { files: ['/a/{b,c}'] } }, 'outputs.files[0]', 'on a host'],
  [{ on: 'slaves', outputs: { files: ['/a/[b]'] } }, 'outputs.files[0]', 'on a host'],
  [{ collect: { files: ['/a'] } }, 'collect', 'this task is on none'],
  [{ skip: () => undefined }, 'skip', 'this task is on none'],
  [{ on: 'slaves', skip: 'no need' }, 'skip', 'function'],
  [{ on: 'slaves', skip: () => undefined, collect: { files: ['/a'] } }, 'skip', 'beside `collect`'],
  [{ on: 'slaves', collect: { files: ['a'] } }, 'collect.files[0]', 'absolute'],
  [{ on: 'slaves', collect: { files: ['/a', '!/b'] } }, 'collect.files[1]', 'excluded'],
  [{ on: 'slaves', collect: { files: ['/a'], into: '/tmp' } }, 'collect.into'],
  [{ on: 'slaves', collect: { files: ['/a'], into: 'dist/*' } }, 'collect.into', 'one folder'],
  [{ on: 'slaves', collect: { files: ['/a'], into: '.cache/x' } }, 'collect.into'],
  [{ timeout: '10 minutes' }, 'timeout'],
  [{ timeout: 10 }, 'timeout'],
  [{ timeout: '0s' }, 'timeout', 'from 1 ms'],
  [{ timeout: '597h' }, 'timeout', '596 hours'],
  [{ timeout: `${'9'.repeat(400)}h` }, 'timeout'],
  [{ retries: -1 }, 'retries'],
  [{ retries: 1.5 }, 'retries'],
  [{ retries: '2' }, 'retries', 'must be a whole number from 0 to 10, not "2"'],
  [{ tolerate: '200%' }, 'tolerate'],
  [{ tolerate: ['25%'] }, 'tolerate'],
  [{ tolerate: Number.NaN }, 'tolerate'],
  [{ tolerate: { toString: 5 } }, 'tolerate'],
  [{ keepOutputs: 1 }, 'keepOutputs'],
  [{ always: 'yes' }, 'always', 'must be true or false, not "yes"'],
  [{ pool: 3 }, 'pool'],
])('%o is refused by its field', (wrong, field, problem = '') => {
  const found = refused({ ...good, ...wrong })
  expect(found).toMatchObject({ field, problem: expect.stringContaining(problem) })
  expect(found.advice).not.toBe('')
})

test.each(['module', 'name', 'description', 'run'] as const)('without %s there is no task', (field) => {
  expect(refused({ ...good, [field]: undefined })).toMatchObject({ field, problem: 'is missing' })
})

test.each([undefined, null, 'a', 5, [], () => {}])('%o is no declaration', (options) => {
  expect(explain(problemInWords(refused(options)))).toMatch(/^A task: it must be an object, not /)
})

const throwing = (name: string) => ({
  get [name]() {
    throw new Error('no such platform')
  },
})

test.each<[object, string]>([
  [throwing('name'), 'name'],
  [throwing('module'), 'module'],
  [throwing('on'), 'on'],
  [{ inputs: throwing('files') }, 'inputs.files'],
  [{ inputs: { values: throwing('level') } }, 'inputs.values.level'],
  [{ inputs: { values: { flags: throwing('a b') } } }, 'inputs.values.flags["a b"]'],
])('an accessor that throws is refused by its field: %#', (wrong, field) => {
  const options = Object.defineProperties({ ...good }, Object.getOwnPropertyDescriptors(wrong))
  expect(refused(options)).toMatchObject({ field, problem: 'could not be told: no such platform' })
})

test('what accessors give is what is declared, asked once', () => {
  let asked = 0
  const declared = task({
    ...good,
    get name() {
      return `a${++asked}`
    },
  })
  expect([declared.name, declared.name]).toEqual(['a1', 'a1'])
})

test('a mistyped field suggests the nearest', () => {
  expect(refused({ ...good, outpts: {} })).toMatchObject({ advice: 'Did you mean `outputs`?' })
})

test('a refusal names task, file, field and value in one sentence', () => {
  const problem = refused({ ...good, module: 'file:///w/tasks/a.ts', inputs: { files: ['../x'] } })
  expect(problemInWords(problem).what).toBe(
    'Task `a` (/w/tasks/a.ts): `inputs.files[0]` is "../x": a path must not climb with `..`.',
  )
})

test('names of a hundred characters, ordinary globs and fields left undefined are right', () => {
  const files = [
    'src/**/*.{c,h}',
    '!src/old/**',
    'a b/ü',
    '[id]/(x).ts',
    '@(a|b)*.[ch]',
    'x[!a-c]?',
    '.',
    'a/./b//',
  ]
  const declared = task({
    ...good,
    name: 'a'.repeat(100),
    inputs: { files, env: ['CC'], values: { a: { b: [1, null, 'x', true] } } },
    outputs: { files: ['build', 'gen/**', '!gen/*.tmp', 'src/**/*.pyc'] },
    timeout: '596h',
    retries: undefined,
  })
  expect(declared.kind).toBe('task')
})

function circle(): object {
  const b: object[] = []
  b.push({ b })
  return { b }
}

function nested(levels: number): object {
  let value: object = []
  for (let level = 0; level < levels; level++) value = [value]
  return value
}
