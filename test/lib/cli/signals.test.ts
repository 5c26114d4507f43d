import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { findProcess } from '../../../lib/local/processes.ts'
import { Workspace } from '../../rig/workspace.ts'

const long = { timeout: 120_000 }
const patient = { timeout: 60_000 }

/** Three tasks, one after another. The second has a tree of processes; where `quick` is, each is done at once. */
const workspace = () =>
  new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const module = import.meta.url
      const before = task({ module, name: 'before', description: 'Be done soon', async run() {} })
      const stubborn = task({ module, name: 'stubborn', description: 'Ignore TERM', needs: [before],
        outputs: { files: ['build/half'] }, async run({ $ }) { await $\`
          echo half > build/half; if test -e quick; then exit; fi
          stay() { trap '' TERM; echo $BASHPID >> pids; while :; do sleep 600; done; }
          export -f stay
          (stay & stay) & setsid bash -c stay & stay\` } })
      const orderly = task({ module, name: 'orderly', description: 'End in order', needs: [before],
        async run({ $ }) { await $\`
          trap 'sleep 0.3; echo in order > ended; exit 1' TERM
          echo $$ >> pids; while :; do sleep 0.1; done\` } })
      const after = task({ module, name: 'after', description: 'Come last', needs: [stubborn], async run() {} })
      const busy = task({ module, name: 'busy', description: 'Wait for something else', async run({ $ }) {
        const both = Promise.all([$\`echo $$ >> pids; sleep 600\`, $\`echo $$ >> pids; sleep 600\`])
        await new Promise(() => {})
        await both } })
      await main({ tasks: [after, orderly, busy] })`,
  })

const lives = (pid: number) => findProcess(pid) !== undefined

/** Starts a run and waits until its task has started so many processes. */
async function running(target: string, count: number) {
  const it = workspace()
  const run = it.start(['run', target])
  const pids = () => (existsSync(join(it.root, 'pids')) ? it.read('pids').trim().split('\n').map(Number) : [])
  await vi.waitUntil(() => pids().length === count, patient)
  return { it, run, pids: pids() }
}

test(
  'the first Ctrl-C ends whole trees, says what was cancelled, and records nothing false',
  long,
  async () => {
    const { it, run, pids } = await running('after', 4)
    run.child.kill('SIGINT')
    const { exitCode, signal, stdout, stderr } = await run.ended
    expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null })
    expect(pids.filter(lives)).toEqual([])
    expect(stderr).toBe('\nSIGINT: ending in order. Once more ends at once.\n')
    expect(stdout).toContain('✓ before ran')
    expect(stdout).toMatch(/stubborn.*cancelled|cancelled.*stubborn/)
    it.write('quick', '')
    const again = await it.run('run', 'after')
    expect(again).toMatchObject({ exitCode: 0, stderr: '' })
    expect(again.stdout).toContain('before up to date')
    expect(again.stdout).toContain('▸ stubborn starts: it has not run yet')
    expect(again.stdout).toContain('✓ after ran')
  },
)

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s lets a command end in order, and ends with %i', long, async (name, exitCode) => {
  const { it, run, pids } = await running('orderly', 1)
  run.child.kill(name)
  expect((await run.ended).exitCode).toBe(exitCode)
  expect(it.read('ended')).toBe('in order\n')
  expect(pids.filter(lives)).toEqual([])
})

test('signals that come together are one: the command ends in order', long, async () => {
  const { it, run } = await running('orderly', 1)
  for (const name of ['SIGINT', 'SIGTERM', 'SIGINT'] as const) run.child.kill(name)
  const { exitCode, stdout } = await run.ended
  expect([130, 143]).toContain(exitCode)
  expect(it.read('ended')).toBe('in order\n')
  expect(stdout).toContain('Interrupted:')
})

test('commands that nobody waits for yet end quietly', long, async () => {
  const { run, pids } = await running('busy', 2)
  run.child.kill('SIGINT')
  const { exitCode, stdout, stderr } = await run.ended
  expect(exitCode).toBe(130)
  expect(stderr).toBe('\nSIGINT: ending in order. Once more ends at once.\n')
  expect(stdout).toContain('Interrupted:')
  expect(pids.filter(lives)).toEqual([])
})

test('a second Ctrl-C ends whole trees at once', long, async () => {
  const { run, pids } = await running('after', 4)
  run.child.kill('SIGINT')
  await run.printed('ending in order')
  const again = setInterval(() => run.child.kill('SIGINT'), 100)
  const { exitCode, stdout } = await run.ended
  clearInterval(again)
  expect(exitCode).toBe(130)
  expect(stdout).not.toContain('Interrupted:')
  await vi.waitUntil(() => !pids.some(lives), patient)
})

/** A task whose output is large: a hole takes no time to make, but as long as anything to read and to copy. */
const large = () =>
  new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const make = task({ module: import.meta.url, name: 'make', description: 'Make a large file',
        outputs: { files: ['out'] }, async run({ $ }) { await $\`truncate -s 500M out\` } })
      await main({ tasks: [make] })`,
  })

/** Interrupts a run as soon as it has begun to copy something. */
async function interruptedCopy(it: Workspace) {
  const { child, ended } = it.start(['run', 'make'])
  const copied = () => {
    const folder = join(it.root, '.cache/tmp')
    return existsSync(folder) ? readdirSync(folder) : []
  }
  await vi.waitUntil(() => copied().length > 0, { ...patient, interval: 5 })
  child.kill('SIGINT')
  const { exitCode, stdout } = await ended
  expect({ exitCode, left: copied() }).toEqual({ exitCode: 130, left: [] })
  expect(stdout).toContain('Interrupted: 1 cancelled')
}

test('the first Ctrl-C ends the copying of a large file, into the cache and out of it', long, async () => {
  const it = large()
  await interruptedCopy(it)
  expect(existsSync(join(it.root, '.cache/blobs'))).toBe(false)
  expect((await it.run('run', 'make')).stdout).toContain('✓ make ran')
  rmSync(join(it.root, 'out'))
  await interruptedCopy(it)
  expect(existsSync(join(it.root, 'out'))).toBe(false)
  expect((await it.run('run', 'make')).stdout).toContain('make restored')
})
