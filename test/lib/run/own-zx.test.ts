import { expect, test } from 'vitest'
import { $ as own, within } from 'zx/core'
import type { Shell } from '../../../lib/model/shell.ts'
import { EngineRig } from '../../rig/engine.ts'

const names = [
  'cwd',
  'env',
  'input',
  'nothrow',
  'prefix',
  'quiet',
  'shell',
  'spawn',
  'stdio',
  'store',
] as const
const settings = () => names.map((name) => (own as any)[name])

async function runWith(use: ($: Shell) => Promise<unknown>) {
  const rig = new EngineRig()
  rig.task({ name: 'use', outputs: { files: [] }, run: async ({ $ }) => void (await use($)) })
  return rig.run(['use'])
}

const uses: [what: string, use: ($: Shell) => Promise<unknown>][] = [
  ['runs', ($) => $`true`],
  ['fails', ($) => $`false`.nothrow()],
  ['has input', ($) => $({ input: 'text' })`cat`],
  ['is given what comes later', ($) => $`echo ${Promise.resolve('late')}`],
  ['is none', async ($) => expect(() => $([undefined] as any)).toThrow('Malformed')],
]

test.each(uses)('the zx of an author keeps its own settings when a command of a task %s', async (_, use) => {
  const before = settings()
  let during: unknown
  const { statuses, failures } = await runWith(async ($) => {
    await use($)
    during = settings()
  })
  expect(failures.use).toBeUndefined()
  expect(statuses).toEqual({ use: 'ran' })
  expect([during, settings()]).toEqual([before, before])
})

test('nor do these settings reach the commands of a task', async () => {
  const { failures } = await runWith(($) =>
    within(async () => {
      own.nothrow = true
      own.prefix = 'exit 7;'
      await $`exit 3`
    }),
  )
  expect(failures.use).toMatchObject({ kind: 'command', exitCode: 3 })
})
