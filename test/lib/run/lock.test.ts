import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { inspectLock, tryLock } from '../../../lib/local/lock.ts'
import { lockText, readClaim } from '../../../lib/local/lock-claim.ts'
import { acquireLock } from '../../../lib/run/lock.ts'
import { EngineRig } from '../../rig/engine.ts'
import { Workspace } from '../../rig/workspace.ts'

const long = 120_000
const patient = { timeout: 60_000 }

const workspace = () =>
  new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const module = import.meta.url
      const first = task({ module, name: 'first', description: 'Take a while', outputs: { files: ['build/first'] },
        async run({ $ }) { await $\`echo first >> ran; sleep 0.2; echo 1 > build/first\` } })
      const second = task({ module, name: 'second', description: 'Take a while more', needs: [first],
        outputs: { files: ['build/second'] },
        async run({ $ }) { await $\`echo second >> ran; sleep 0.2; cat build/first build/first > build/second\` } })
      const held = task({ module, name: 'held', description: 'Wait for a file', always: true,
        async run({ $ }) { await $\`echo holding; until test -e go; do sleep 0.1; done\` } })
      const slow = task({ module, name: 'slow', description: 'Make something slowly', outputs: { files: ['slow'] },
        async run({ $ }) { await $\`echo done > slow; echo slowly; until test -e go; do sleep 0.1; done\` } })
      const again = \`\${process.execPath} \${process.execArgv.join(' ')} \${process.argv[1]} run second 2>&1\`
      const nested = task({ module, name: 'nested', description: 'Run within a run', always: true,
        async run({ $ }) { await $({ prefix: '' })\`
          bash -c \${again}; first=$?; rm -rf .cache; bash -c \${again}; echo $first and $?\` } })
      const other = task({ module, name: 'other', description: 'Run in another workspace', always: true,
        async run({ $ }) { await $\`bash program\` } })
      await main({ tasks: [second, held, slow, nested, other] })`,
  })

const lockFiles = ({ root }: { root: string }) =>
  readdirSync(join(root, '.cache')).filter((name) => name.startsWith('lock'))

test('a second run ends with 3 and says who is at work', { timeout: long }, async () => {
  const it = workspace()
  const before = Date.now()
  const holder = it.start(['run', 'held'])
  await holder.printed('holding')
  const { exitCode, stdout, stderr } = await it.run('run', 'second')
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  const [, pid, command, since] = stderr.match(/process (\d+) \((.+)\), since (\S+)\.\n/) ?? []
  expect([Number(pid), command]).toEqual([holder.child.pid, 'run held'])
  expect(Date.parse(since!)).toBeGreaterThanOrEqual(before)
  expect(stderr).toContain('--wait')
  it.write('go', '')
  expect((await holder.ended).exitCode).toBe(0)
})

test('with --wait it says so, and runs when the other has ended', { timeout: long }, async () => {
  const it = workspace()
  const holder = it.start(['run', 'held'])
  await holder.printed('holding')
  const waiting = it.start(['run', 'second', '--wait'])
  await waiting.printed(`process ${holder.child.pid} (run held)`)
  it.write('go', '')
  const { exitCode, stdout, stderr } = await waiting.ended
  expect({ exitCode, warnings: stderr.split('\n').length - 1 }).toEqual({ exitCode: 0, warnings: 1 })
  expect(stdout).toContain('second ran')
  expect(holder.output.stdout).toContain('held ran')
  expect(lockFiles(it)).toEqual(['lock.last'])
})

test('without the cache, a living run is known by its commands', { timeout: long }, async () => {
  const it = workspace()
  const holder = it.start(['run', 'held'])
  await holder.printed('holding')
  // So that it cannot put back its lock.
  holder.child.kill('SIGSTOP')
  rmSync(join(it.root, '.cache'), { recursive: true })
  const { exitCode, stdout, stderr } = await it.run('run', 'second')
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  expect(stderr).toMatch(new RegExp(`process ${holder.child.pid} \\(run held\\), since 2\\S+Z\\.\n`))
  holder.child.kill('SIGCONT')
  it.write('go', '')
  expect(await holder.ended).toMatchObject({ exitCode: 0, stderr: '' })
})

test('without the cache, a run that waits for a living one runs when that has ended', {
  timeout: long,
}, async () => {
  const it = workspace()
  const holder = it.start(['run', 'held'])
  await holder.printed('holding')
  deleteUnderLivingRun(join(it.root, '.cache'))
  const waiting = it.start(['run', 'second', '--wait'])
  await waiting.printed(`process ${holder.child.pid} (run held)`)
  expect(existsSync(join(it.root, 'ran'))).toBe(false)
  it.write('go', '')
  expect(await holder.ended).toMatchObject({ exitCode: 0, stderr: '' })
  expect((await waiting.ended).exitCode).toBe(0)
})

test('a living run puts back its lock when the cache was deleted', { timeout: long }, async () => {
  const it = workspace()
  const holder = it.start(['run', 'held'])
  await holder.printed('holding')
  deleteUnderLivingRun(join(it.root, '.cache'))
  const path = join(it.root, '.cache', 'lock')
  await vi.waitUntil(() => inspectLock(path).heldBy?.pid === holder.child.pid, patient)
  it.write('go', '')
  expect(await holder.ended).toMatchObject({ exitCode: 0, stderr: '' })
})

test('a run whose lock another one has taken stops, says so and records nothing', {
  timeout: long,
}, async () => {
  const it = workspace()
  const run = it.start(['run', 'slow'])
  await run.printed('slowly')
  const other = await takenFrom(join(it.root, '.cache', 'lock'))
  it.write('go', '')
  const { exitCode, stdout, stderr } = await run.ended
  expect(exitCode).toBe(3)
  expect(stdout).toContain('slow cancelled')
  expect(stderr).toBe(
    `Warning: \`.cache\` was deleted, and another run began meanwhile: process ${process.pid} (run all), ` +
      `since ${other.holder.since}. This one stops, and records nothing more.\n`,
  )
  expect(readdirSync(join(it.root, '.cache'))).not.toContain('records')
  expect(inspectLock(join(it.root, '.cache', 'lock')).heldBy?.pid).toBe(process.pid)
})

/** Empties it again when the run wrote into the folder meanwhile: Node's own retries would only remove it again. */
function deleteUnderLivingRun(folder: string) {
  for (let tries = 1; ; tries++)
    try {
      return rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || tries === 100) throw error
    }
}

/** Another run's lock, once it was faster than the one that was deleted was put back. */
const takenFrom = (path: string) =>
  vi.waitUntil(() => {
    deleteUnderLivingRun(dirname(path))
    const attempt = tryLock(path, { command: 'run all', run: 'another' })
    return 'heldBy' in attempt ? undefined : attempt
  }, patient)

test('a run within a task of another one is refused, also when that has deleted the cache', {
  timeout: long,
}, async () => {
  const it = workspace()
  const { exitCode, stdout, stderr } = await it.run('run', 'nested')
  expect(exitCode).toBe(0)
  expect(stdout.match(/Another run is at work here: process \d+ \(run nested\)/g)).toHaveLength(2)
  expect(stdout).toContain('nested │ 3 and 3')
  expect(stderr).toBe('')
})

test('a run within a task of another workspace is on its own', { timeout: long }, async () => {
  const [it, within] = [workspace(), workspace()]
  const program = `${process.execPath} --import ${import.meta.resolve('tsx')} ${within.root}/tasks/index.ts`
  it.write('program', `${program} run second`)
  const { exitCode, stdout } = await it.run('run', 'other')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('other │ ✓ second ran')
})

test('to wait can be given up', { timeout: long }, async () => {
  const it = workspace()
  const holder = it.start(['run', 'held'])
  await holder.printed('holding')
  const waiting = it.start(['run', 'second', '--wait'])
  await waiting.printed('waits for its end')
  waiting.child.kill('SIGINT')
  expect(await waiting.ended).toMatchObject({ exitCode: 130, stdout: '' })
  expect(lockFiles(it)).toEqual(['lock'])
})

test('ten at once, waiting or not, run every task once', { timeout: long }, async () => {
  const it = workspace()
  const starts = Array.from({ length: 10 }, (_, index) =>
    it.run('run', 'second', ...(index % 2 === 0 ? ['--wait'] : [])),
  )
  const codes = (await Promise.all(starts)).map(({ exitCode }) => exitCode)
  expect(codes.filter((_, index) => index % 2 === 0)).toEqual([0, 0, 0, 0, 0])
  expect(codes.filter((code) => code !== 0 && code !== 3)).toEqual([])
  expect([it.read('ran'), it.read('build/second')]).toEqual(['first\nsecond\n', '1\n1\n'])
  expect(lockFiles(it)).toEqual(['lock.last'])
})

test('ten at once without waiting: one of them runs', { timeout: long }, async () => {
  const it = workspace()
  const ends = await Promise.all(Array.from({ length: 10 }, () => it.run('run', 'second')))
  const codes = ends.map(({ exitCode }) => exitCode)
  expect(codes).toContain(0)
  expect(codes.filter((code) => code !== 0 && code !== 3)).toEqual([])
  expect(it.read('ran')).toEqual('first\nsecond\n')
  expect(lockFiles(it)).toEqual(['lock.last'])
})

test('a run that has waited sees what came meanwhile', async () => {
  const rig = new EngineRig()
  rig.write({ 'src/a': '' })
  let waiting: ReturnType<EngineRig['run']> | undefined
  rig.task({
    name: 'other',
    inputs: { files: ['src/*'] },
    outputs: { files: ['build/list'] },
    run: async ({ $ }) => void (await $`ls src > build/list`),
  })
  rig.task({
    name: 'first',
    run: async () => {
      waiting = rig.run(['other'], { wait: true })
      rig.write({ 'src/b': '' })
    },
  })
  await rig.run(['first'])
  await waiting
  expect((await rig.run(['other'])).statuses).toEqual({ other: 'up-to-date' })
})

const attempt = (path: string, run: string) =>
  acquireLock(path, {
    root: dirname(path),
    run,
    command: 'run all',
    wait: false,
    onWait: () => {},
    signal: new AbortController().signal,
  })

test('where no lock can be, the run goes on without it and says why', async () => {
  const rig = new EngineRig()
  rig.task({ name: 'some', run: async () => {} })
  rig.write({ '.cache': 'no folder' })
  const lock = await attempt(join(rig.root, '.cache', 'lock'), 'one')
  expect(lock.fault).toMatchObject({ code: 'EEXIST' })
  expect(lock.left).toBeUndefined()
  lock.end()
  const { end, warnings } = await rig.run(['some'])
  expect(end.exitCode).toBe(0)
  expect(warnings[0]).toMatchObject({
    kind: 'cache-fault',
    what: 'the lock of this workspace could not be taken',
  })
})

const isRoot = process.getuid?.() === 0

/** A file system that only root can make, for the lifetime of a test. */
function fileSystem(options: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'small-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  onTestFinished(() => {
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  })
  return folder
}

test.runIf(isRoot)('a full disk is no hindrance, and nothing is left on it', async () => {
  const folder = fileSystem('size=4k')
  writeFileSync(join(folder, 'full'), Buffer.alloc(4096))
  expect(await attempt(join(folder, 'lock'), 'one')).toMatchObject({
    fault: expect.objectContaining({ code: 'ENOSPC' }),
  })
  expect(readdirSync(folder)).toEqual(['full'])
})

test.runIf(isRoot)(
  'on a disk that cannot be written, a living holder is respected all the same',
  async () => {
    const folder = fileSystem('size=64k')
    const remount = (mode: string) => execFileSync('mount', ['-o', `remount,${mode}`, folder])
    const path = join(folder, 'lock')
    const first = await attempt(path, 'one')
    remount('ro')
    await expect(attempt(path, 'two')).rejects.toMatchObject({
      problem: { kind: 'locked', pid: process.pid },
    })
    remount('rw')
    writeFileSync(path, lockText({ ...readClaim(path)!.content!, boot: 'another', unended: [] }))
    remount('ro')
    first.end()
    expect(await attempt(path, 'three')).toMatchObject({
      fault: expect.objectContaining({ code: 'EROFS' }),
      left: { pid: process.pid },
      unended: ['one'],
    })
  },
)
