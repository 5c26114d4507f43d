import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cacheLayout } from '../../../lib/cache/layout.ts'
import type { Warning } from '../../../lib/model/event.ts'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'
import { findings } from './findings.ts'

const program = fileURLToPath(new URL('programs/remover.ts', import.meta.url))

test('while a collection removes all that it may, again and again, runs make what is right and keep what they record', async () => {
  const { rig, warnings, restored } = await runsWhile('gc')
  expect(warnings.filter((warning) => !isMissedRestore(warning))).toEqual([])
  expect(await findings(cacheLayout(rig.root))).toEqual([])
  expect(restored).toBeLessThan(36)
}, 120_000)

test('while everything is cleared, again and again, runs make what is right', async () => {
  const { warnings } = await runsWhile('clear')
  expect(
    warnings.filter(({ kind }) => !kind.endsWith('cache-fault') && kind !== 'more-cache-faults'),
  ).toEqual([])
}, 120_000)

/** Forty runs over four states of one input, while another process empties the cache. */
async function runsWhile(action: 'gc' | 'clear') {
  const rig = new EngineRig()
  const make = rig.task({
    name: 'make',
    inputs: { files: ['in'] },
    outputs: { files: ['out/*'] },
    run: async ({ $ }) => void (await $`cp in out/a; cat in in > out/b; echo made`),
  })
  rig.task({
    name: 'join',
    needs: [make],
    outputs: { files: ['all'] },
    run: async ({ $, outputs }) => void (await $`cat ${outputs(make)} > all`),
  })
  rig.write({ in: 'first' })
  await rig.run(['join'])
  const log = join(rig.root, '.cache/logs/make.log')
  const remover = spawn(process.execPath, ['--import', 'tsx', program, action, rig.root], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await until(() => !existsSync(log))
  const warnings: Warning[] = []
  let restored = 0
  for (let turn = 0; turn < 40; turn++) {
    const content = `state ${turn % 4}`
    rig.write({ in: content })
    const run = await rig.run(['join'])
    expect(run.end.exitCode).toBe(0)
    expect(readFileSync(join(rig.root, 'all'), 'utf8')).toBe(content.repeat(3))
    warnings.push(...run.warnings)
    if (run.statuses.make === 'restored') restored += 1
  }
  expect(remover.exitCode).toBe(null)
  remover.kill('SIGKILL')
  await once(remover, 'exit')
  return { rig, warnings, restored }
}

/** A content went between the decision to restore it and that. */
function isMissedRestore(warning: Warning): boolean {
  return warning.kind === 'cache-fault' && warning.what.endsWith('could not be restored')
}
