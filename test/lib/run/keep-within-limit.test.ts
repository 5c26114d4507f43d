import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeInventory, totalSize } from '../../../lib/cache/inventory.ts'
import { cacheLayout } from '../../../lib/cache/layout.ts'
import { writeSealed } from '../../../lib/cache/sealed.ts'
import { EngineRig } from '../../rig/engine.ts'

/** A workspace whose one task makes 10 kB that differ with its input, and a cache that may hold so much. */
function limitedTo(cacheLimit: number) {
  const rig = new EngineRig()
  rig.cacheLimit = cacheLimit
  rig.task({
    name: 'make',
    inputs: { files: ['in'] },
    outputs: { files: ['out'] },
    run: async ({ $ }) => void (await $`head -c 10000 /dev/zero > out; cat in >> out`),
  })
  const run = (content: string) => {
    rig.write({ in: content })
    return rig.run(['make'])
  }
  const size = () => totalSize(takeInventory(cacheLayout(rig.root)))
  return { rig, run, size }
}

const collected = expect.objectContaining({ kind: 'cache-collected' })

test('a cache that grows beyond its limit is brought below it, with some room, and that is told', async () => {
  const { run, size } = limitedTo(100_000)
  const sizes: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    const { warnings, end } = await run(String(turn))
    const [warning, ...others] = warnings
    expect([end.exitCode, others]).toEqual([0, []])
    if (warning) {
      expect(warning).toMatchObject({ kind: 'cache-collected', limit: 100_000, left: size() })
      sizes.push(size())
    }
    expect(size()).toBeLessThanOrEqual(100_000)
  }
  expect(sizes.length).toBeGreaterThan(3)
  for (const size of sizes) expect(size / 100_000).toSatisfy((share: number) => share > 0.75 && share <= 0.9)
})

test('what was collected runs again, what was kept is restored', async () => {
  const { run } = limitedTo(35_000)
  for (const content of ['a', 'b', 'c', 'd']) await run(content)
  expect((await run('c')).statuses).toEqual({ make: 'restored' })
  expect((await run('a')).statuses).toEqual({ make: 'ran' })
})

test('a run in which nothing ran removes nothing', async () => {
  const { rig, run } = limitedTo(50_000)
  await run('a')
  rig.cacheLimit = 1000
  expect(await run('a')).toMatchObject({ statuses: { make: 'up-to-date' }, warnings: [] })
  rmSync(join(rig.root, 'out'))
  expect(await run('a')).toMatchObject({ statuses: { make: 'restored' }, warnings: [] })
})

test('a failed task may have filled the cache with its log', async () => {
  const { rig } = limitedTo(50_000)
  rig.task({ name: 'chat', run: async ({ $ }) => void (await $`head -c 60000 /dev/zero; exit 1`) })
  expect((await rig.run(['chat'])).warnings).toEqual([collected])
})

test('what interrupted runs have added to the cache counts, too', async () => {
  const { rig, run } = limitedTo(60_000)
  let abort = new AbortController()
  rig.task({ name: 'stop', needs: [...rig.tasks], run: async () => abort.abort('SIGINT') })
  await run('a')
  for (const content of ['b', 'c', 'd', 'e', 'f', 'g']) {
    rig.write({ in: content })
    abort = new AbortController()
    expect((await rig.run(['stop'], {}, abort.signal)).statuses).toMatchObject({ make: 'ran' })
  }
  expect((await run('h')).warnings).toEqual([collected])
})

test('how large a cache is that began empty, nobody knows after a run that was interrupted', async () => {
  const { rig, run } = limitedTo(60_000)
  const abort = new AbortController()
  rig.task({
    name: 'stop',
    needs: [...rig.tasks],
    async run({ $ }) {
      await $`head -c 100000 /dev/zero | tr '\\0' x`
      abort.abort('SIGINT')
    },
  })
  rig.write({ in: 'a' })
  expect((await rig.run(['stop'], {}, abort.signal)).statuses).toMatchObject({ make: 'ran' })
  expect((await run('b')).warnings).toEqual([collected])
})

test('how large a cache is that began empty is known, rather too large than too small', async () => {
  const { rig, run, size } = limitedTo(100_000)
  rig.task({ name: 'chat', run: async ({ $ }) => void (await $`echo talk`) })
  rig.task({ name: 'fail', run: async ({ $ }) => void (await $`echo loudly; exit 1`) })
  await rig.run(['chat', 'fail'], { keepGoing: true })
  await run('a')
  const word = readFileSync(join(rig.root, '.cache/size.json'), 'utf8')
  const known = JSON.parse(word.split('\n')[0]!).size + word.length
  expect(known).toBeGreaterThanOrEqual(size())
  expect(known).toBeLessThan(2 * size())
})

test('what others have left in the cache is found a day later', async () => {
  const { rig, run } = limitedTo(100_000)
  await run('a')
  rig.write({ [`.cache/blobs/00/${'0'.repeat(62)}`]: 'x'.repeat(200_000) })
  expect((await run('b')).warnings).toEqual([])
  const size = join(rig.root, '.cache/size.json')
  const { lookedAt, ...others } = JSON.parse(readFileSync(size, 'utf8').split('\n')[0]!)
  const longAgo = { ...others, lookedAt: lookedAt - 25 * 3_600_000 }
  writeSealed(size, longAgo, join(rig.root, '.cache/tmp'))
  expect((await run('c')).warnings).toEqual([collected])
})

test('what cannot be collected is a fault of the cache, and fails no run', async () => {
  const { rig, run } = limitedTo(15_000)
  await run('a')
  writeFileSync(join(rig.root, '.cache/downloads'), 'no folder')
  const { end, warnings } = await run('b')
  expect(end.exitCode).toBe(0)
  expect(warnings).toEqual([
    collected,
    { kind: 'cache-fault', what: '`.cache/downloads` cannot be used', detail: 'not a directory' },
  ])
})
