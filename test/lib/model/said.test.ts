import { expect, test } from 'vitest'
import { said } from '../../../lib/model/said.ts'

const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`)

test.each([
  ['says what it is about', new Error('no such door'), 'no such door'],
  ['says nothing', new Error(''), ''],
  ['has something else for a message', Object.assign(new Error(), { message: { a: 1 } }), ''],
  [
    'has a cause',
    new Error('fetch failed', { cause: refused('::1') }),
    'fetch failed: connect ECONNREFUSED ::1',
  ],
  [
    'has a cause without words but for those of several others',
    new Error('fetch failed', { cause: new AggregateError([refused('::1'), refused('127.0.0.1')]) }),
    'fetch failed: connect ECONNREFUSED ::1, connect ECONNREFUSED 127.0.0.1',
  ],
  ['quotes its cause', new Error('no way: shut', { cause: new Error('shut') }), 'no way: shut'],
])('an error that %s is told with what its causes add', (_, error, words) => {
  expect(said(error)).toBe(words)
})

test('of an error that says very much, the beginning is told', () => {
  const words = said(new Error('so '.repeat(1e6)))
  expect(words).toHaveLength(10_000 + '… (2999999 characters in all)'.length)
  expect(words).toMatch(/^so so .*… \(2999999 characters in all\)$/)
})

test('an error that causes itself is told once', () => {
  const error = new Error('round')
  error.cause = error
  expect(said(error)).toBe('round')
})
