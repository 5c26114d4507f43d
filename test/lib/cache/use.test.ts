import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Parts } from '../../../lib/cache/parts.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'

const minute = 60_000
const day = 24 * 60 * minute

function makeGlancesOlder({ root }: EngineRig, markedAt: number): void {
  const glances = new Parts(join(root, '.cache/glances'), root, () => {})
  glances.save(glances.all().map(([name, text]) => [name, text.replace(/ \d+ /, ` ${markedAt} `)]))
}

/** A workspace whose one task has run, and the age of its files. */
async function workspaceThatRan() {
  const rig = new EngineRig()
  rig.write({ 'src/pack': 'packed' })
  rig.task({
    name: 'make',
    inputs: {
      downloads: [
        { name: 'pack', url: 'http://nowhere.invalid/pack', file: 'src/pack', sha256: digestOf('packed') },
      ],
    },
    outputs: { files: ['out'] },
    run: async ({ $, download }) => void (await $`cp ${await download('pack')} out`),
  })
  await rig.run(['make'])
  const inCache = (...path: string[]) => join(rig.root, '.cache', ...path)
  const [record] = readdirSync(inCache('records/make')).filter((name) => name.endsWith('.json'))
  const digest = digestOf('packed')
  const files = {
    record: inCache('records/make', record!),
    blob: inCache('blobs', digest.slice(0, 2), digest.slice(2)),
    download: inCache('downloads', digest, 'pack'),
  }
  const makeOlder = (ms: number) => {
    const time = new Date(Date.now() - ms)
    for (const file of Object.values(files)) utimesSync(file, time, time)
    makeGlancesOlder(rig, +time)
  }
  const ages = () =>
    Object.fromEntries(
      Object.entries(files).map(([name, path]) => [
        name,
        Date.now() - statSync(path).mtimeMs > 5 * minute ? 'old' : 'young',
      ]),
    )
  return { rig, makeOlder, ages, inCache }
}

test('a record that is found up to date was used, and so were not its contents alone', async () => {
  const { rig, makeOlder, ages } = await workspaceThatRan()
  makeOlder(2 * day)
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'up-to-date' })
  expect(ages()).toEqual({ record: 'young', blob: 'old', download: 'old' })
})

test('so was one that is found up to date at a glance', async () => {
  const { rig, makeOlder, ages, inCache } = await workspaceThatRan()
  await until(async () => {
    await rig.run(['make'])
    return existsSync(inCache('glances'))
  })
  makeOlder(2 * day)
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'up-to-date' })
  expect(ages().record).toBe('young')
})

test('so were those that are found up to date in one run after the other', async () => {
  const rig = new EngineRig()
  for (const name of ['one', 'other']) rig.task({ name, run: async () => {} })
  await rig.run(['one', 'other'])
  await rig.run(['one', 'other'])
  const folders = ['one', 'other'].map((name) => join(rig.root, '.cache/records', name))
  const records = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name)),
  )
  const before = new Date(Date.now() - 2 * day)
  for (const record of records) utimesSync(record, before, before)
  makeGlancesOlder(rig, +before)
  await rig.run(['one'])
  await rig.run(['other'])
  expect(records.map((record) => Date.now() - statSync(record).mtimeMs < minute)).toEqual([true, true])
})

test('a record that is restored was used', async () => {
  const { rig, makeOlder, ages } = await workspaceThatRan()
  makeOlder(2 * day)
  rmSync(join(rig.root, 'out'))
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'restored' })
  expect(ages().record).toBe('young')
})

test('what was used within the hour is not written again', async () => {
  const { rig, makeOlder, ages } = await workspaceThatRan()
  makeOlder(50 * minute)
  await rig.run(['make'])
  expect(ages()).toEqual({ record: 'old', blob: 'old', download: 'old' })
})

test('looking uses nothing', async () => {
  const { rig, makeOlder, ages } = await workspaceThatRan()
  makeOlder(2 * day)
  await rig.look(['make'])
  rmSync(join(rig.root, 'out'))
  await rig.look(['make'])
  expect(ages()).toEqual({ record: 'old', blob: 'old', download: 'old' })
})

test('what a task makes again, or takes from its downloads, was used', async () => {
  const { rig, makeOlder, ages, inCache } = await workspaceThatRan()
  makeOlder(2 * day)
  await rig.run(['make'], { noCache: true })
  expect(ages()).toEqual({ record: 'young', blob: 'young', download: 'young' })
  expect(readdirSync(inCache('tmp'))).toEqual([])
})
