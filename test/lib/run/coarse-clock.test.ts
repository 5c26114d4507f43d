import { type Stats, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'

vi.mock('../../../lib/disk/stat-if-there.ts', async (original) => {
  const { statIfThere } = await original<typeof import('../../../lib/disk/stat-if-there.ts')>()
  return { statIfThere: (path: string) => inSeconds(statIfThere(path)) }
})

/** As a file system shows it that keeps no fractions of a second. */
function inSeconds(stats: Stats | undefined): Stats | undefined {
  if (stats)
    for (const time of ['mtimeMs', 'ctimeMs'] as const) stats[time] = Math.floor(stats[time] / 1000) * 1000
  return stats
}

test('where times are whole seconds, too, a task that writes over what another made is told', async () => {
  const rig = new EngineRig()
  const out = join(rig.root, 'out')
  rig.task({ name: 'make', outputs: { files: ['out'] }, run: async () => writeFileSync(out, 'made') })
  rig.task({ name: 'spoil', always: true, run: async () => writeFileSync(out, 'spoilt') })
  await rig.run(['make'])
  await pause(1300 - (Date.now() % 1000))
  const { statuses, warnings } = await rig.run(['make', 'spoil'])
  expect(statuses).toEqual({ make: 'up-to-date', spoil: 'ran' })
  expect(warnings).toEqual([{ kind: 'output-overwritten', task: 'make', path: 'out' }])
})
