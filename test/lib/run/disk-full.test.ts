import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'
import { isRoot, smallDisk } from '../../rig/small-disk.ts'
import { Workspace } from '../../rig/workspace.ts'
import { expectWholeCache } from './whole-cache.ts'

const head = 'await $`head -c 1M /dev/zero > out/zeros`'
const roomy = { bytes: 1 << 24, files: 1000 }

describe.runIf(isRoot)('a disk that is full', () => {
  test('for the cache at any file that it is to take fails no run, and nothing false is recorded', async () => {
    let fitted = false
    for (let files = 1; !fitted; files++) fitted = await runWith({ ...roomy, files })
  })

  test('for the cache at any page that it is to take fails no run, and nothing false is recorded', async () => {
    let fitted = false
    for (let pages = 1; !fitted; pages++) fitted = await runWith({ ...roomy, bytes: pages * 4096 })
  })

  test('for the cache is told in one line', async () => {
    const workspace = new Workspace({ 'tasks/index.ts': program(head) })
    smallDisk(join(workspace.root, '.cache'), { bytes: 256 * 1024, files: 100 })
    const { exitCode, stderr } = await workspace.run('run', 'write')
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(
      /^Warning: the result of `write` could not be kept: no space is left for `.cache\/tmp\/.*`. The run goes on without it. Free some space \(`df -h` shows where it went\), then run again.\n$/,
    )
  })

  test('for a command fails its task in the words of that command', async () => {
    const workspace = new Workspace({ 'tasks/index.ts': program(head) })
    smallDisk(join(workspace.root, 'out'), { bytes: 256 * 1024, files: 100 })
    const { exitCode, stderr } = await workspace.run('run', 'write')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('`write` failed: the command `head -c 1M /dev/zero > out/zeros` exited with 1.')
    expect(stderr).toContain('No space left on device')
  })

  test('for all of the workspace fails a task in plain words', async () => {
    const workspace = new Workspace({})
    const change = smallDisk(workspace.root, { bytes: 256 * 1024, files: 100 })
    workspace.write('package.json', '{"type":"module"}')
    workspace.write(
      'tasks/index.ts',
      program("(await import('node:fs')).writeFileSync('out/zeros', Buffer.alloc(1 << 20))"),
    )
    const { exitCode, stderr } = await workspace.run('run', 'write')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /^(Warning: .* no space is left .*\n(Warning: \d more faults? .*\n)?)?\n`write` failed: no space is left on the disk\.\nFree some space .*\n$/,
    )
    change(roomy)
    expect(await workspace.run('run', 'write')).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

test.runIf(isRoot)('a result is restored from a cache on another disk', async () => {
  const { rig, outputs } = twoTasks()
  smallDisk(join(rig.root, '.cache'), roomy)
  await rig.run(['join'])
  rmSync(join(rig.root, 'out'), { recursive: true })
  const { statuses, warnings } = await rig.run(['join'])
  expect([statuses, warnings]).toEqual([{ make: 'restored', join: 'restored' }, []])
  expect(outputs()).toEqual(['one', 'one more'])
  expect((await rig.run(['join'])).statuses).toEqual({ make: 'up-to-date', join: 'up-to-date' })
})

/** Runs with a cache on a disk of its own, then with enough room, then once more.
 *  @returns whether all fitted at once */
async function runWith(disk: { bytes: number; files: number }): Promise<boolean> {
  const { rig, outputs } = twoTasks()
  const change = smallDisk(join(rig.root, '.cache'), disk)
  const { end, statuses, warnings } = await rig.run(['join'])
  expect({ disk, ok: end.ok, statuses }).toEqual({ disk, ok: true, statuses: { make: 'ran', join: 'ran' } })
  expect({ disk, warnings: warnings.map(({ kind }) => kind) }).toEqual({
    disk,
    warnings: ['cache-fault', 'more-cache-faults'].slice(0, warnings.length),
  })
  expect(outputs()).toEqual(['one', 'one more'])
  expectWholeCache(rig.root)

  change(roomy)
  const next = await rig.run(['join'])
  expect({ disk, ok: next.end.ok, warnings: next.warnings }).toEqual({ disk, ok: true, warnings: [] })
  expect(outputs()).toEqual(['one', 'one more'])
  expect((await rig.run(['join'])).statuses).toEqual({ make: 'up-to-date', join: 'up-to-date' })
  expectWholeCache(rig.root)
  return warnings.length === 0
}

function twoTasks() {
  const rig = new EngineRig()
  const make = rig.task({
    name: 'make',
    outputs: { files: ['out/made', 'out/big', 'out/link'] },
    run: async ({ root, log }) => {
      log('making')
      writeFileSync(join(root, 'out/made'), 'one', { mode: 0o755 })
      writeFileSync(join(root, 'out/big'), Buffer.alloc(20_000))
      symlinkSync('made', join(root, 'out/link'))
    },
  })
  rig.task({
    name: 'join',
    needs: [make],
    outputs: { files: ['out/all'] },
    run: async ({ root, log }) => {
      log('joining')
      writeFileSync(join(root, 'out/all'), `${readFileSync(join(root, 'out/made'))} more`)
    },
  })
  const outputs = () => ['out/made', 'out/all'].map((path) => readFileSync(join(rig.root, path), 'utf8'))
  return { rig, outputs }
}

function program(act: string): string {
  return `
    import { main, task } from 'ENGINE'
    const write = task({
      module: import.meta.url,
      name: 'write',
      description: 'Write zeros',
      outputs: { files: ['out/zeros'] },
      async run({ $ }) {
        ${act}
      },
    })
    await main({ tasks: [write] })
  `
}
