import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matcher } from '../../../lib/inputs/find-files.ts'
import { normalPattern, patternsOverlap } from '../../../lib/model/pattern.ts'
import { patternProblem } from '../../../lib/model/pattern-problem.ts'

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
  ['a/*', 'a/*/c', false],
  ['x*', '*y', true],
  ['a1*', 'a2*', false],
  ['build/{a,b}.o', 'build/c.o', false],
  ['build/{a,b/c}', 'build/b/*', true],
  ['build/{a,b/c}', 'build/c', false],
  ['pages/[id]', 'pages/[id]/edit', true],
  ['a/**/b/**/c', 'a/c/**/b', false],
])('%s and %s overlap: %s', (a, b, overlap) => {
  expect(patternsOverlap(a, b)).toBe(overlap)
  expect(patternsOverlap(b, a)).toBe(overlap)
})

const word = fc.constantFrom('a', 'b', 'c', 'ab', 'a.b', '.a')
const wildcard = fc.constantFrom(
  ...['*', '**', '?', '[ab]', '[!a]', '[^b]', '[a-c]', '[[:alpha:]]', '[.]'],
  ...['@(a|b)', '+(a|b)', '*(a)', '?(a)', '!(a)', '!(a|b)', '(a|b)', '|', '+', '@', '!', '(', ')'],
)
const part: fc.Arbitrary<string> = fc.letrec<{ part: string; list: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    word,
    wildcard,
    tie('list').map((list) => `{${list}}`),
  ),
  list: fc
    .array(fc.array(fc.oneof(tie('part'), fc.constant('/')), { maxLength: 3 }), { maxLength: 3 })
    .map((items) => items.map((item) => item.join('')).join(',')),
})).part
const segment = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
const pattern = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) => normalPattern(segments.join('/')))
  .filter((pattern) => patternProblem(pattern, 'workspace') === undefined)
const path = fc
  .array(
    fc.stringMatching(/^[abc.]{1,3}$/).filter((name) => !/^\.\.?$/.test(name)),
    { minLength: 1, maxLength: 4 },
  )
  .map((names) => names.join('/'))

test('patterns that match a path in common are never said to be apart', () => {
  fc.assert(
    fc.property(pattern, pattern, fc.array(path, { minLength: 20, maxLength: 20 }), (a, b, paths) => {
      const [isA, isB] = [matcher([a]), matcher([b])]
      if (paths.some((path) => isA(path) && isB(path))) expect(patternsOverlap(a, b)).toBe(true)
    }),
    { numRuns: 5000, verbose: true },
  )
})

test('dozens of `**` are compared in no time', () => {
  const many = (end: string) => `${'**/a/'.repeat(40)}${end}`
  expect(patternsOverlap(many('b'), many('c'))).toBe(false)
})
