import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { checkMainOptions } from '../../../lib/cli/check-main-options.ts'
import { FileFinder, matcher } from '../../../lib/inputs/find-files.ts'
import { declarationsOf } from '../../../lib/model/declarations.ts'
import { only, task } from '../../../lib/model/define-task.ts'
import { canonicalJson } from '../../../lib/model/json.ts'
import { normalPattern } from '../../../lib/model/pattern.ts'
import { patternProblem } from '../../../lib/model/pattern-problem.ts'
import { UsageError } from '../../../lib/model/problem.ts'
import { explain } from '../../../lib/report/words/explained.ts'
import { problemInWords } from '../../../lib/report/words/problem.ts'
import { anything, globLike } from './anything.ts'

/** What comes of it when it is right; otherwise it must be refused in words. */
function accepted<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    expect(explain(problemInWords(error.problem))).toMatch(/^(A task|Task `.+`|`main\(\)`).*: .+\.\n\S/s)
    expect(explain(problemInWords(error.problem))).not.toMatch(/^ +at |\[object|NaN is/m)
    return undefined
  }
}

const host = { name: 'slave-1', role: 'slaves', address: '192.0.2.1', root: '' }
const needed = task({
  module: '/w/tasks/b.ts',
  name: 'b',
  description: 'b',
  pool: 'cpu',
  run: async () => {},
})
const right = {
  module: '/w/tasks/a.ts',
  name: 'a',
  description: 'Make a',
  needs: [only(needed, 'b')] as unknown,
  on: 'slaves' as unknown,
  inputs: {
    files: ['src/**'],
    env: ['CC'],
    values: { level: 2 },
    facts: { zk: { file: '/etc/zk' } },
    secrets: ['TOKEN'],
    downloads: [{ name: 'x', url: 'http://x', sha256: 'a'.repeat(64) }],
  } as Record<string, unknown>,
  outputs: { files: ['/opt/a'] } as Record<string, unknown>,
  collect: { files: ['/opt/a'], into: 'dist' } as Record<string, unknown>,
  pool: 'cpu',
  timeout: '1m',
  retries: 1,
  keepOutputs: true,
  always: false,
  tolerate: '25%',
  probe: async () => [],
  run: async () => {},
}

/** All the way to what the instance declares. */
function declare(options: unknown) {
  const declared = task(options as any)
  return declarationsOf({ task: declared, ...(declared.on && { host }) }, {}, { slaves: [host] })
}

const places: [string, string?][] = [
  ...[...Object.keys(right), 'skip'].map((field): [string] => [field]),
  ...(['inputs', 'outputs', 'collect'] as const).flatMap((field) =>
    Object.keys(right[field]).map((part): [string, string] => [field, part]),
  ),
]

const put = ([field, part]: [string, string?], value: unknown) => ({
  ...right,
  [field]: part === undefined ? value : { ...(right as any)[field], [part]: value },
  ...(field === 'skip' && { collect: undefined }),
})

const place = fc.constantFrom(...places)
const lists = fc.array(fc.oneof(anything, globLike), { maxLength: 3 })

test('the declaration that is replaced piece by piece is right', () => {
  expect(declare(right)).toMatchObject({ files: ['src/**'], outputs: ['/opt/a'] })
})

test('whatever is given to task(), a task comes out or a refusal in words', () => {
  fc.assert(
    fc.property(anything, (options) => void accepted(() => declare(options))),
    { numRuns: 1000, verbose: true },
  )
})

test('whatever stands in one field, a task comes out or a refusal in words', () => {
  fc.assert(
    fc.property(place, fc.oneof(anything, globLike, lists), (place, value) => {
      const declared = accepted(() => declare(put(place, value)))
      if (declared) expect(JSON.parse(canonicalJson(declared.values))).toEqual(declared.values)
    }),
    { numRuns: 5000, verbose: true },
  )
})

test('whatever a function returns or throws, it is taken or refused in words', () => {
  const returning = (value: unknown) => () => value
  const throwing = (value: unknown) => () => {
    throw value
  }
  const declarations = fc.constantFrom(
    ...places.filter(([field, part]) => ['inputs', 'outputs', 'collect'].includes(field) && part !== 'into'),
  )
  fc.assert(
    fc.property(
      declarations,
      fc.oneof(
        fc.oneof(anything, lists).map(returning),
        anything.map(throwing),
        fc.string().map((message) => throwing(new Error(message))),
      ),
      (place, declared) => void accepted(() => declare(put(place, declared))),
    ),
    { numRuns: 3000, verbose: true },
  )
})

test('whatever is given to main(), it is taken or refused in words', () => {
  const good = {
    tasks: [needed],
    roles: { master: 'one' },
    pools: { cpu: 1 },
    lease: 'master',
    links: () => [],
  }
  const field = fc.constantFrom(...Object.keys(good), 'config', 'sandbox', 'other')
  const options = fc.oneof(
    anything,
    fc.tuple(field, fc.oneof(anything, lists)).map(([field, value]) => ({ ...good, [field]: value })),
  )
  expect(() => checkMainOptions(good as any, {})).not.toThrow()
  fc.assert(
    fc.property(options, (options) => void accepted(() => checkMainOptions(options as any, {}))),
    { numRuns: 3000, verbose: true },
  )
})

test('whatever glob is not refused, files are found by it as they are matched by it', () => {
  const root = mkdtempSync(join(tmpdir(), 'globs-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const files = ['a', 'b/a', 'b/b/a', 'b/.a', 'ab', '.b', '-', 'b/b/a b', '(a)/x', 'a+b/y']
  for (const path of files) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  const glob = globLike
    .filter((pattern) => patternProblem(pattern, 'workspace') === undefined)
    .map(normalPattern)
  fc.assert(
    fc.property(glob, (glob) => {
      const { paths } = new FileFinder(root, () => false).inputs([glob])
      expect(files.filter(matcher([glob])).sort()).toEqual(paths)
    }),
    { numRuns: 2000, verbose: true },
  )
})
