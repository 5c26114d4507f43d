import { expect, test } from 'vitest'
import { heldBy } from '../../../lib/inputs/survey-memory.ts'

const before = { schema: 1, folders: ['a', 'b', 'c'], files: 9, held: 'in a,in b,in c' } as const
const memory = { ...before, folders: [...before.folders] }

test('what folders held is known as long as they are looked into, wherever they come in the list', () => {
  expect(heldBy(['c', 'new', 'a'], memory, [], new Map())).toBe('in c,,in a')
})

test('what a survey has learnt counts; of what was learnt in another way, nothing is known', () => {
  expect(heldBy(['a', 'b', 'c'], memory, ['a', 'b'], new Map([['a', 'now in a']]))).toBe('now in a,,in c')
})

test('where nothing was remembered, only what was learnt is known', () => {
  expect(heldBy(['a', 'b'], undefined, ['b'], new Map([['a', 'in a']]))).toBe('in a,')
  expect(heldBy(['a', 'b'], { schema: 1, folders: ['a'], files: 9 }, [], new Map())).toBe(',')
})
