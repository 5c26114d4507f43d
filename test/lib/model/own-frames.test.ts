import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ownFrames } from '../../../lib/model/own-frames.ts'

const engine = fileURLToPath(new URL('../../../lib/run/attempt.ts', import.meta.url))
const stackOf = (...frames: string[]) => ['Error: x', ...frames.map((frame) => `    at ${frame}`)].join('\n')

test.each([
  ['run (/project/tasks/index.ts:4:7)', 'at run (tasks/index.ts:4)'],
  ['async Object.run (file:///project/tasks/index.ts:4:7)', 'at async Object.run (tasks/index.ts:4)'],
  ['/project/tasks/index.ts:4:7', 'at tasks/index.ts:4'],
  ['async file:///project/tasks/index.ts:4:7', 'at async tasks/index.ts:4'],
])('the frame %s is shown as %s', (frame, shown) => {
  expect(ownFrames(stackOf(frame), '/project')).toBe(shown)
})

test.each([
  'listOnTimeout (node:internal/timers:581:17)',
  'async Promise.all (index 0)',
  'new Promise (<anonymous>)',
  'other (/workshop/tasks/index.ts:4:7)',
  'parse (/project/node_modules/yaml/index.js:1:2)',
  `async attempt (${engine}:40:5)`,
])('the frame %s is none of the workspace', (frame) => {
  expect(ownFrames(stackOf(frame), '/project')).toBeUndefined()
  expect(ownFrames(stackOf(frame, 'run (/project/tasks/index.ts:4:7)'), '/project')).toBe(
    'at run (tasks/index.ts:4)',
  )
})

test('the engine is no code of the workspace that it lies in', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')
  const stack = stackOf(`attempt (${engine}:40:5)`, `run (${root}/tasks/index.ts:4:7)`)
  expect(ownFrames(stack, root)).toBe('at run (tasks/index.ts:4)')
})

test('a bug of the engine keeps its stack', () => {
  const stack = stackOf(`attempt (${engine}:40:5)`, 'listOnTimeout (node:internal/timers:581:17)')
  expect(ownFrames(stack, '/project')).toBe(stack)
})
