import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { entryOf } from '../../../lib/local/origin.ts'
import { findProcess } from '../../../lib/local/processes.ts'
import { endLeftovers } from '../../../lib/run/leftovers.ts'
import { EngineRig } from '../../rig/engine.ts'
import { Workspace } from '../../rig/workspace.ts'
import { marked } from '../local/marked.ts'

const long = 120_000
const patient = { timeout: 60_000 }

const lives = (pid: number) => findProcess(pid) !== undefined

/** What writes for ever: a command, and a child of it that has left for a session of its own. */
const workspace = () =>
  new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const module = import.meta.url
      const write = task({ module, name: 'write', description: 'Write for ever', async run({ $ }) { await $\`
        forever() { echo $BASHPID >> pids; trap '' TERM; while :; do echo more >> trace; sleep 0.02; done; }
        export -f forever
        setsid bash -c forever & forever\` } })
      const measure = task({ module, name: 'measure', description: 'See who writes', always: true,
        async run({ $ }) { await $\`
          grep -lsz '^AURORA_MESOSPHERE_TASK=.*/write$' /proc/[0-9]*/environ || echo nobody
          wc -c < trace; sleep 0.2; wc -c < trace\` } })
      await main({ tasks: [write, measure] })`,
  })

/** What `measure` prints when nobody writes any more. */
const stillness = /measure │ nobody\nmeasure │ (\d+)\nmeasure │ \1\n/

const pidsIn = (root: string): number[] =>
  existsSync(join(root, 'pids'))
    ? readFileSync(join(root, 'pids'), 'utf8').trim().split('\n').map(Number)
    : []

/** A run that was killed, and whose children still write. */
async function killedRun() {
  const it = workspace()
  const run = it.start(['run', 'write'])
  const pids = await vi.waitUntil(() => pidsIn(it.root).length === 2 && pidsIn(it.root), patient)
  await vi.waitUntil(() => existsSync(join(it.root, 'trace')), patient)
  run.child.kill('SIGKILL')
  await vi.waitUntil(() => run.child.signalCode, patient)
  return { it, pids, killed: run.child.pid! }
}

test.for([
  ['', undefined],
  [', also when its lock cannot be read', '{"pid":'],
])('what a killed run has started is ended before anything else%s', { timeout: long }, async ([, torn]) => {
  const { it, pids } = await killedRun()
  expect(pids.map(lives)).toEqual([true, true])
  if (torn) writeFileSync(join(it.root, '.cache', 'lock'), torn)
  const { exitCode, stdout, stderr } = await it.run('run', 'measure')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(stillness)
  expect(pids.map(lives)).toEqual([false, false])
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^Warning: An earlier run left processes behind: .+ They were ended\.$/),
  ])
  for (const pid of pids) expect(stderr).toContain(String(pid))
})

test('a run that is killed while it ends what another one left leaves it to the next', {
  timeout: long,
}, async () => {
  const { it, pids } = await killedRun()
  const second = it.start(['run', 'measure'])
  await vi.waitUntil(() => it.read('.cache/lock').includes(`"pid":${second.child.pid},`), patient)
  second.child.kill('SIGKILL')
  await second.ended
  expect(pids.map(lives)).toEqual([true, true])
  expect((await it.run('run', 'measure')).stdout).toMatch(stillness)
  expect(pids.map(lives)).toEqual([false, false])
})

test('what a killed run has started is found without its cache, too', { timeout: long }, async () => {
  const { it, pids } = await killedRun()
  rmSync(join(it.root, '.cache'), { recursive: true })
  expect((await it.run('run', 'measure')).stdout).toMatch(stillness)
  expect(pids.map(lives)).toEqual([false, false])
})

test('what a killed run has started is ended where its workspace was moved, and nowhere else', {
  timeout: long,
}, async () => {
  const { it, pids } = await killedRun()
  const [copy, moved] = [workspace(), workspace()]
  for (const { root } of [copy, moved]) rmSync(root, { recursive: true })
  cpSync(it.root, copy.root, { recursive: true })
  renameSync(it.root, moved.root)
  expect(await copy.run('run', 'measure')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(pids.map(lives)).toEqual([true, true])
  expect((await moved.run('run', 'measure')).stdout).toMatch(stillness)
  expect(pids.map(lives)).toEqual([false, false])
})

test('a copy that is made of a workspace during a run is on its own', { timeout: long }, async () => {
  const [it, copy] = [workspace(), workspace()]
  const run = it.start(['run', 'write'])
  const pids = await vi.waitUntil(() => pidsIn(it.root).length === 2 && pidsIn(it.root), patient)
  await vi.waitUntil(() => existsSync(join(it.root, 'trace')), patient)
  cpSync(it.root, copy.root, { recursive: true })
  expect(await copy.run('run', 'measure')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(pids.map(lives)).toEqual([true, true])
  run.child.kill('SIGINT')
  expect((await run.ended).exitCode).toBe(130)
})

test('what a task that ended well has left on purpose lives on until the cache is deleted', {
  timeout: long,
}, async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const serve = task({ module: import.meta.url, name: 'serve', description: 'Leave a service', always: true,
        async run({ $ }) { await $\`setsid sleep 600 > log 2>&1 & echo $! >> pids\` } })
      await main({ tasks: [serve] })`,
  })
  for (let run = 0; run < 2; run++) expect(await it.run('run', 'serve')).toMatchObject({ stderr: '' })
  expect(pidsIn(it.root).map(lives)).toEqual([true, true])
  rmSync(join(it.root, '.cache'), { recursive: true })
  expect((await it.run('run', 'serve')).stderr).toContain('left processes behind')
  expect(pidsIn(it.root).map(lives)).toEqual([false, false, true])
})

test('a killed run that has left no process behind is told, too', { timeout: long }, async () => {
  const { it, pids, killed } = await killedRun()
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await vi.waitUntil(() => pids.every((pid) => !lives(pid)), patient)
  expect((await it.run('run', 'measure')).stderr).toBe(
    `Warning: An earlier run (process ${killed}) left its lock behind (that run did not end in order): it is taken over.\n`,
  )
})

test('a run that is not known by its lock is known by its workspace, and others are left alone', async () => {
  const [ours, others] = await Promise.all([
    marked('echo; read', entryOf.workspace({ root: '/some/workspace' })),
    marked('echo; read', entryOf.workspace({ root: '/some/workspace/further' })),
  ])
  const warn = vi.fn()
  await endLeftovers({ unended: 'all', settle: () => {} }, '/some/workspace', warn)
  expect([ours.pid, others.pid].map(lives)).toEqual([false, true])
  expect(warn.mock.calls).toEqual([[{ kind: 'leftovers-ended', pids: [ours.pid] }]])
})

test('where the killed run is known, what other runs left is left alone', async () => {
  const [its, others] = await Promise.all([
    marked('echo; read', entryOf.run({ run: 'killed-one' })),
    marked('echo; read', entryOf.run({ run: 'another' })),
  ])
  await endLeftovers({ unended: ['killed-one'], settle: () => {} }, '/some/workspace', () => {})
  expect([its.pid, others.pid].map(lives)).toEqual([false, true])
})

/** The process number that a command has written to a file. */
const pidIn = (rig: EngineRig, name: string) => Number(readFileSync(join(rig.root, name), 'utf8'))

test(
  'a time-out ends what its task has started, and leaves other tasks of the run alone',
  patient,
  async () => {
    const rig = new EngineRig()
    rig.task({
      name: 'slow',
      timeout: '5s',
      run: async ({ $ }) => void (await $`setsid sleep 600 & echo $$ >> pids; echo $! >> pids; wait`),
    })
    rig.task({
      name: 'other',
      run: async ({ $ }) => {
        const command = $`setsid sleep 600 > log 2>&1 & echo $! > kept; until test -e over; do sleep 0.05; done`
        await vi.waitUntil(() => pidsIn(rig.root).length === 2 && !pidsIn(rig.root).some(lives), patient)
        expect(lives(pidIn(rig, 'kept'))).toBe(true)
        rig.write({ over: '' })
        await command
      },
    })
    const { statuses, failures } = await rig.run(['slow', 'other'], { jobs: 2, keepGoing: true })
    expect(statuses).toEqual({ slow: 'failed', other: 'ran' })
    expect(failures.slow).toEqual({ kind: 'timed-out', after: '5s' })
  },
)

test('one command that fails ends those that its task runs beside it', patient, async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'both',
    run: async ({ $ }) =>
      void (await Promise.all([
        $`echo $$ > beside; while :; do sleep 600; done`,
        $`until test -s beside; do sleep 0.05; done; exit 3`,
      ])),
  })
  const { failures } = await rig.run(['both'])
  expect(failures.both).toMatchObject({
    kind: 'command',
    command: 'until test -s beside; do sleep 0.05; done; exit 3',
    exitCode: 3,
  })
  expect(lives(pidIn(rig, 'beside'))).toBe(false)
})

test(
  'what a task that ended well has left behind ends, unless it has a session of its own',
  patient,
  async () => {
    const rig = new EngineRig()
    rig.task({
      name: 'start',
      run: async ({ $ }) =>
        void (await $`
        sleep 600 > log 2>&1 & echo $! > left
        setsid bash -c 'echo $$ > kept; exec sleep 600' > log 2>&1 & until test -s kept; do sleep 0.05; done`),
    })
    expect((await rig.run(['start'])).statuses).toEqual({ start: 'ran' })
    expect(['left', 'kept'].map((name) => lives(pidIn(rig, name)))).toEqual([false, true])
  },
)
