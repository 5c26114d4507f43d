import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Action, keyOf } from '../../../lib/model/action.ts'
import { difference } from '../../../lib/model/difference.ts'
import type { Digest } from '../../../lib/model/digest.ts'
import type { Json } from '../../../lib/model/json.ts'

const nothing: Action = {
  schema: 1,
  task: 'make',
  definition: 'd' as Digest,
  platform: 'linux-x64',
  files: {},
  env: {},
  values: {},
  facts: {},
  downloads: {},
  needs: {},
  outputs: [],
}

const between = (before: Partial<Action>, after: Partial<Action>) =>
  difference({ ...nothing, ...before }, { ...nothing, ...after })

const values = (before: Record<string, Json>, after: Record<string, Json>) =>
  between({ values: before }, { values: after })

test('a value is compared inside: the innermost place that differs is named', () => {
  expect(
    values(
      { flags: { level: 1, extra: true, same: [1] }, hosts: [{ port: 1 }, { port: 2 }] },
      { flags: { level: 2, more: null, same: [1] }, hosts: [{ port: 1 }, { port: 3 }] },
    ),
  ).toEqual([
    { kind: 'value-changed', name: 'flags.extra', before: 'true' },
    { kind: 'value-changed', name: 'flags.level', before: '1', after: '2' },
    { kind: 'value-changed', name: 'flags.more', after: 'null' },
    { kind: 'value-changed', name: 'hosts[1].port', before: '2', after: '3' },
  ])
})

test('a list that grew differs as a whole', () => {
  expect(values({ names: ['a'] }, { names: ['b', 'a'] })).toEqual([
    { kind: 'value-changed', name: 'names', before: '["a"]', after: '["b","a"]' },
  ])
})

test.each([
  ['1', 1, '"1"', '1'],
  ['true', true, '"true"', 'true'],
  ['', 'x', '""', 'x'],
  ['a\u001b[31m', 'a', String.raw`"a\u001b[31m"`, 'a'],
  ['1.2.3', ' 1.2.3', '1.2.3', '" 1.2.3"'],
])('%j and %j cannot be mistaken for each other', (was, is, before, after) => {
  expect(values({ it: was }, { it: is })).toEqual([{ kind: 'value-changed', name: 'it', before, after }])
})

test('names that every object inherits are names like others', () => {
  expect(values({ toString: 2 }, { constructor: 1 })).toStrictEqual([
    { kind: 'value-changed', name: 'constructor', after: '1' },
    { kind: 'value-changed', name: 'toString', before: '2' },
  ])
})

test('a variable that is no input any more is named without what it was', () => {
  expect(between({ env: { TOKEN: 'hush' } }, { env: {} })).toEqual([{ kind: 'env-changed', name: 'TOKEN' }])
})

test('a content that moved is followed from where it lay, to one place only', () => {
  expect(between({ files: { a: 'A', b: '' } }, { files: { d: 'A', e: '', f: '' } })).toEqual([
    { kind: 'input-removed', path: 'a' },
    { kind: 'input-removed', path: 'b' },
    { kind: 'input-added', path: 'd', from: 'a' },
    { kind: 'input-added', path: 'e', from: 'b' },
    { kind: 'input-added', path: 'f' },
  ])
})

test('needed files that come and go are told apart from those that changed', () => {
  const needs = (generate: Record<string, string>) => ({ needs: { generate } })
  expect(between(needs({ a: '1', b: '1' }), needs({ a: '2', c: '1' }))).toEqual([
    { kind: 'need-changed', task: 'generate', path: 'a' },
    { kind: 'need-changed', task: 'generate', path: 'b', change: 'removed' },
    { kind: 'need-changed', task: 'generate', path: 'c', change: 'added' },
  ])
})

test('declared outputs are told apart from the code', () => {
  expect(between({ outputs: ['a', 'b'] }, { outputs: ['b', 'c'], definition: 'e' as Digest })).toEqual([
    { kind: 'definition-changed' },
    { kind: 'definition-changed', outputs: { added: ['c'], removed: ['a'] } },
  ])
})

test('there is a difference exactly when the keys differ', () => {
  const name = fc.constantFrom('a', 'b', 'c.d', '__proto__', 'constructor')
  const mark = fc.constantFrom('1', '2', '1+x', '-> a')
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
  const action = fc.record({
    schema: fc.constant(1 as const),
    task: fc.constant('make'),
    definition: fc.constantFrom('d', 'e') as fc.Arbitrary<Digest>,
    platform: fc.constantFrom('linux-x64', 'darwin-arm64'),
    files: fc.dictionary(name, mark),
    env: fc.dictionary(name, fc.constantFrom('1', '', null)),
    values: fc.dictionary(name, json),
    facts: fc.dictionary(name, fc.constantFrom('1', null, ['1', null])),
    downloads: fc.dictionary(name, fc.constantFrom('1', '2') as fc.Arbitrary<Digest>),
    needs: fc.dictionary(name, fc.dictionary(name, fc.oneof(mark, fc.constant<string[]>(['1', '2'])))),
    outputs: fc.uniqueArray(name),
  })
  const pair = action.chain((one) =>
    fc.tuple(
      fc.constant(one),
      fc.oneof(
        action,
        action.map(({ values }) => ({ ...one, values })),
      ),
    ),
  )
  fc.assert(
    fc.property(pair, ([before, after]) => {
      expect(difference(before, after).length > 0).toBe(keyOf(before) !== keyOf(after))
    }),
    { numRuns: 1000, verbose: true },
  )
})
