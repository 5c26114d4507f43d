import { expect, test } from 'vitest'
import { Captured } from '../../../lib/local/captured.ts'

test('more than can be kept, in many small pieces, is taken at the pace at which it comes, and its end is kept', () => {
  const { stdall, stdout } = new Captured()
  for (let line = 1; line <= 1_500_000; line++) {
    const piece = Buffer.from(`line number ${line}\n`)
    stdall.push(piece)
    stdout.push(piece)
  }
  expect(stdall.reduce()).toMatch(/line number 1499999\nline number 1500000\n$/)
  expect(() => stdout.reduce()).toThrow()
}, 60_000)
