import { expect, test } from 'vitest'
import { age } from '../../../../lib/report/words/age.ts'
import { bytes } from '../../../../lib/report/words/bytes.ts'
import { count } from '../../../../lib/report/words/count.ts'
import { duration } from '../../../../lib/report/words/duration.ts'
import { inCode, inList } from '../../../../lib/report/words/list.ts'

test.each([
  [0, '0 ms'],
  [812, '812 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [2310, '2.3 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min'],
  [192_000, '3 min 12 s'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
])('%d ms are %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 minute ago'],
  [7_200_000, '2 hours ago'],
  [86_399_999, '23 hours ago'],
  [40 * 86_400_000, '40 days ago'],
])('what was %d ms ago was %s', (ms, words) => {
  expect(age(ms)).toBe(words)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [97_000_000, '97.0 MB'],
  [999_600_000, '1.0 GB'],
  [5e15, '5000.0 TB'],
])('%d bytes are %s', (number, words) => {
  expect(bytes(number)).toBe(words)
})

test('a count is plural but for one', () => {
  expect([0, 1, 2].map((number) => count(number, 'host'))).toEqual(['0 hosts', '1 host', '2 hosts'])
  expect(count(2, 'process', 'processes')).toBe('2 processes')
})

test('a list ends with and, or with how many more there are', () => {
  expect(inList([])).toBe('')
  expect(inList(['a'])).toBe('a')
  expect(inList(['a', 'b', 'c'])).toBe('a, b and c')
  expect(inList(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more')
  expect(inCode(['a', 'b'])).toBe('`a` and `b`')
})
