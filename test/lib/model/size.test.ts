import { expect, test } from 'vitest'
import { parseAge } from '../../../lib/model/age.ts'
import { parseSize } from '../../../lib/model/size.ts'

test.each([
  ['0B', 0],
  ['512 B', 512],
  ['500MB', 500e6],
  ['1.5 GB', 1.5e9],
  ['10GiB', 10 * 1024 ** 3],
  ['3kb', 3000],
  ['2TB', 2e12],
])('%s are %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each(['', '5', 'GB', '5G', '5 iB', '-1GB', '1e3GB', '1,5GB', '5GB ', '5  GB', '5PB'])(
  '`%s` is no size',
  (text) => {
    expect(parseSize(text)).toBeUndefined()
  },
)

test.each([
  ['0h', 0],
  ['12h', 12 * 3_600_000],
  ['30d', 30 * 24 * 3_600_000],
  ['2w', 14 * 24 * 3_600_000],
  ['2 W', 14 * 24 * 3_600_000],
])('%s are %d ms', (text, ms) => {
  expect(parseAge(text)).toBe(ms)
})

test.each(['', '30', 'd', '1.5d', '-1d', '30m', '1y', '30days'])('`%s` is no age', (text) => {
  expect(parseAge(text)).toBeUndefined()
})
