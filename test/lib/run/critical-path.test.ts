import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'

test('what the longest chain waits for starts first, and equals in the order of their declaration', async () => {
  const it = new EngineRig()
  const started: string[] = []
  const declare = (name: string, ...needs: ReturnType<typeof it.task>[]) =>
    it.task({ name, needs, run: async () => void started.push(name) })
  const alone = declare('alone')
  const first = declare('first')
  const second = declare('second', first)
  declare('third', second)
  declare('last', alone)
  declare('other')
  await it.run(['third', 'last', 'other'], { jobs: 1 })
  expect(started).toEqual(['first', 'alone', 'second', 'other', 'last', 'third'])
})
