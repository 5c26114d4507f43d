import fc from 'fast-check'
import picomatch from 'picomatch'
import { expect, test } from 'vitest'
import { patternsOverlap } from '../../../lib/model/pattern.ts'

test.each([
  ['build/a', 'build/a', true],
  ['build', 'build/a/b', true],
  ['build/a', 'build/b', false],
  ['build/*.o', 'build/*.c', false],
  ['build/*.o', 'build/x.o', true],
  ['build/**', 'build', true],
  ['build/**/*.o', 'build/a/b/c.o', true],
  ['a/**/z', 'a/b/**', true],
  ['a/*', 'a/b/c', false],
  ['x*', '*y', true],
  ['a1*', 'a2*', false],
])('%s and %s overlap: %s', (a, b, overlap) => {
  expect(patternsOverlap(a, b)).toBe(overlap)
  expect(patternsOverlap(b, a)).toBe(overlap)
})

test('patterns that match a path in common are never said to be apart', () => {
  const segment = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '**', '?', '[ab]')
  const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'))
  fc.assert(
    fc.property(pattern, pattern, path, (a, b, path) => {
      const both = picomatch.isMatch(path, a, { dot: true }) && picomatch.isMatch(path, b, { dot: true })
      if (both) expect(patternsOverlap(a, b)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
