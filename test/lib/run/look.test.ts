import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Parts } from '../../../lib/cache/parts.ts'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'

function chain({ copies = 'cp in.txt first.txt' } = {}) {
  const rig = new EngineRig()
  rig.write({ 'in.txt': 'one\n' })
  const first = rig.task({
    name: 'first',
    inputs: { files: ['in.txt'] },
    outputs: { files: ['first.txt'] },
    run: async ({ $ }) => void (await $`sh -c ${copies}`),
  })
  rig.task({
    name: 'second',
    needs: [first],
    outputs: { files: ['second.txt'] },
    run: async ({ $ }) => void (await $`cp first.txt second.txt`),
  })
  return rig
}

test('before the first run, everything would run', async () => {
  const rig = chain()
  expect(await rig.look(['second'])).toEqual({
    first: { status: 'ran', reasons: [{ kind: 'never-ran' }] },
    second: { status: 'ran', reasons: [{ kind: 'never-ran' }] },
  })
})

test('what depends on a task that would run is unknown, with the task to blame', async () => {
  const rig = chain()
  await rig.run(['second'])
  expect((await rig.look(['second'])).second!.status).toBe('up-to-date')
  rig.write({ 'in.txt': 'two\n' })
  expect(await rig.look(['second'])).toEqual({
    first: { status: 'ran', reasons: [{ kind: 'input-changed', path: 'in.txt' }] },
    second: { status: 'unknown', reasons: [{ kind: 'waits-for', task: 'first' }] },
  })
})

test('what was seen to stand is not said to run because its record is lost, where what it needs may be the same again', async () => {
  const rig = chain({ copies: 'head -c 1 in.txt >first.txt' })
  await until(async () => {
    await rig.run(['second'])
    return new Parts(join(rig.root, '.cache/glances'), rig.root, () => {}).get('second') !== undefined
  })
  rmSync(join(rig.root, '.cache/records/second'), { recursive: true })
  rig.write({ 'in.txt': 'other\n' })
  expect((await rig.look(['second'])).second).toEqual({
    status: 'unknown',
    reasons: [{ kind: 'waits-for', task: 'first' }],
  })
  expect((await rig.run(['second'])).statuses).toEqual({ first: 'ran', second: 'up-to-date' })
})

test('looking writes nothing', async () => {
  const rig = chain()
  await rig.look(['second'])
  expect(readdirSync(rig.root).sort()).toEqual(['in.txt', 'tasks'])
  await rig.run(['second'])
  rig.write({ 'in.txt': 'two\n' })
  const before = listing(rig.root)
  await rig.look(['second'])
  expect(listing(rig.root)).toEqual(before)
})

function listing(root: string): string[] {
  return readdirSync(root, { recursive: true }).map((name) => {
    const { size, mtimeMs, ino } = statSync(join(root, String(name)))
    return `${name} ${size} ${mtimeMs} ${ino}`
  })
}
