import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'

const times = 100

/** Runs a task that copies its input, a hundred times, each time after an edit of the same size. */
async function copyAgainAndAgain(edit: (input: string, content: string) => Promise<void>) {
  const rig = new EngineRig()
  rig.write({ 'in.txt': 'none' })
  const [input, output] = [join(rig.root, 'in.txt'), join(rig.root, 'out.txt')]
  rig.task({
    name: 'copy',
    inputs: { files: ['in.txt'] },
    outputs: { files: ['out.txt'] },
    run: async () => writeFileSync(output, readFileSync(input)),
  })
  await rig.run(['copy'])
  for (let number = 0; number < times; number++) {
    const content = String(number).padStart(4, '0')
    await edit(input, content)
    expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'ran' })
    expect(readFileSync(output, 'utf8')).toBe(content)
  }
}

test('an edit of the same size 1 ms after a run is seen, a hundred times in a row', async () => {
  await copyAgainAndAgain(async (input, content) => {
    await pause(1)
    writeFileSync(input, content)
  })
})

test('an edit of the same size within the same second, its mtime set back, is seen, a hundred times in a row', async () => {
  await copyAgainAndAgain(async (input, content) => {
    const { atime, mtime } = statSync(input)
    writeFileSync(input, content)
    utimesSync(input, atime, mtime)
  })
})
