import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findProcess } from '../../../lib/local/processes.ts'
import type { TaskOptions } from '../../../lib/model/task.ts'
import { EngineRig } from '../../rig/engine.ts'

const token = 's3cr3t-token'

/** All that is in `.cache`. */
function kept({ root }: EngineRig): string {
  const entries = readdirSync(join(root, '.cache'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join()
}

test('a failure blocks what depends on it and cancels the rest', async () => {
  const rig = new EngineRig()
  const broken = rig.task({
    name: 'broken',
    run: async ({ $ }) => void (await $`echo going; echo wrong >&2; exit 3`),
  })
  rig.task({ name: 'dependent', needs: [broken], run: async () => {} })
  rig.task({ name: 'other', run: async () => {} })
  const { end, statuses, failures } = await rig.run(['dependent', 'other'], { jobs: 1 })
  expect(statuses).toEqual({ broken: 'failed', dependent: 'blocked', other: 'cancelled' })
  expect(failures.broken).toEqual({
    kind: 'command',
    command: 'echo going; echo wrong >&2; exit 3',
    exitCode: 3,
    signal: null,
    tail: 'going\nwrong',
  })
  expect(end).toMatchObject({ ok: false, exitCode: 1 })
})

test('--keep-going runs all that does not depend on the failure, and the next run takes up there', async () => {
  const rig = new EngineRig()
  let works = false
  const broken = rig.task({
    name: 'broken',
    run: async ({ $ }) => void (await $`${works ? 'true' : 'false'}`),
  })
  rig.task({ name: 'dependent', needs: [broken], run: async () => {} })
  rig.task({ name: 'other', run: async () => {} })
  const first = await rig.run(['dependent', 'other'], { jobs: 1, keepGoing: true })
  expect(first.statuses).toEqual({ broken: 'failed', dependent: 'blocked', other: 'ran' })
  works = true
  const second = await rig.run(['dependent', 'other'])
  expect(second.statuses).toEqual({ broken: 'ran', dependent: 'ran', other: 'up-to-date' })
})

test('a declared output that was not made is the failure of its task', async () => {
  const rig = new EngineRig()
  rig.task({ name: 'lazy', outputs: { files: ['build/a.txt'] }, run: async () => {} })
  const { failures } = await rig.run(['lazy'])
  expect(failures.lazy).toEqual({ kind: 'output-not-made', path: 'build/a.txt' })
})

test('a time-out ends the whole process tree and is told apart', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'slow',
    timeout: '3s',
    run: async ({ $ }) => void (await $`sleep 60 & echo $! > pid; wait`),
  })
  const { failures } = await rig.run(['slow'])
  expect(failures.slow).toEqual({ kind: 'timed-out', after: '3s' })
  expect(findProcess(Number(readFileSync(join(rig.root, 'pid'), 'utf8')))).toBeUndefined()
})

test('a task is tried again as often as it says', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'flaky',
    retries: 2,
    run: async ({ $ }) => void (await $`echo x >> tries; test $(wc -l < tries) -ge 3`),
  })
  expect((await rig.run(['flaky'])).statuses).toEqual({ flaky: 'ran' })
})

test('an aborted run waits for no `find` that does not come to its end', async () => {
  const rig = new EngineRig()
  rig.write({ 'bin/find': '#!/bin/sh\nexec sleep 20\n' })
  chmodSync(join(rig.root, 'bin/find'), 0o755)
  vi.stubEnv('PATH', `${rig.root}/bin:${process.env.PATH}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  rig.task({ name: 'quick', run: async () => {} })
  const { end, statuses } = await rig.run(['quick'], {}, abortedSoon('SIGINT'))
  expect(statuses).toEqual({ quick: 'cancelled' })
  expect(end.exitCode).toBe(130)
  expect(end.ms).toBeLessThan(5000)
})

test('an aborted run ends its commands, records nothing and says what was cancelled', async () => {
  const rig = new EngineRig()
  const abort = new AbortController()
  rig.task({
    name: 'long',
    run: async ({ $ }) => {
      const running = $`echo started; sleep 60`
      abort.abort('SIGINT')
      await running
    },
  })
  const { end, statuses } = await rig.run(['long'], {}, abort.signal)
  expect(statuses).toEqual({ long: 'cancelled' })
  expect(end).toMatchObject({ ok: false, exitCode: 130 })
  expect((await rig.look(['long'])).long).toEqual({ status: 'ran', reasons: [{ kind: 'never-ran' }] })
})

test('undeclared variables are not visible to commands, secrets are and never show', async () => {
  const rig = new EngineRig()
  process.env.RIG_HIDDEN = 'hidden'
  process.env.RIG_TOKEN = token
  rig.task({
    name: 'print',
    inputs: { secrets: ['RIG_TOKEN'] },
    run: async ({ $ }) => void (await $`echo "[\${RIG_HIDDEN-unset}] $RIG_TOKEN"`),
  })
  const { events } = await rig.run(['print'])
  const output = events.flatMap((event) => (event.type === 'task-output' ? [event.text] : []))
  expect(output.join('')).toBe('[unset] ***\n')
  expect(kept(rig)).not.toContain(token)
})

test.each<[string, Partial<TaskOptions<any>>]>([
  ['what a check finds', { probe: async () => [{ kind: 'probe-failed', detail: `no ${token}` }] }],
  ['what a check must not be', { probe: async () => token as any }],
  ['the unit of progress', { run: async ({ progress }) => progress(1, 2, token) }],
])('%s never shows a secret, and nor is it kept', async (_, options) => {
  const rig = new EngineRig()
  process.env.RIG_TOKEN = token
  rig.task({ name: 'it', inputs: { secrets: ['RIG_TOKEN'] }, run: async () => {}, ...options })
  const told = [await rig.run(['it']), await rig.run(['it']), await rig.look(['it']).catch((error) => error)]
  expect(JSON.stringify(told)).not.toContain(token)
  expect(kept(rig)).not.toContain(token)
})

test('tasks of a pool run one at a time', async () => {
  const rig = new EngineRig()
  let running = 0
  let most = 0
  const run = async () => {
    most = Math.max(most, ++running)
    await new Promise((done) => setImmediate(done))
    running--
  }
  for (const name of ['a', 'b', 'c']) rig.task({ name, pool: 'one', run })
  await rig.run(['a', 'b', 'c'], { jobs: 3 })
  expect(most).toBe(1)
})

test('a task that always runs writes no record', async () => {
  const rig = new EngineRig()
  rig.task({ name: 'smoke', always: true, run: async () => {} })
  await rig.run(['smoke'])
  const again = await rig.run(['smoke'])
  expect(again.reasons.smoke).toEqual([{ kind: 'always' }])
  expect(existsSync(join(rig.root, '.cache/records/smoke'))).toBe(false)
})

test('--only runs a target on what its needs made before, and refuses when they never ran', async () => {
  const rig = new EngineRig()
  const first = rig.task({
    name: 'first',
    outputs: { files: ['a.txt'] },
    run: async ({ $ }) => void (await $`echo a > a.txt`),
  })
  rig.task({
    name: 'second',
    needs: [first],
    run: async ({ $, outputs }) => void (await $`cat ${outputs(first)}`),
  })
  const refused = await rig.run(['second'], { only: true })
  expect(refused.failures.second).toMatchObject({ kind: 'refused' })
  await rig.run(['first'])
  expect((await rig.run(['second'], { only: true })).statuses).toEqual({ second: 'ran' })
})

test('a living run holds the lock; a dead one is succeeded at once', async () => {
  const rig = new EngineRig()
  rig.task({ name: 'nested', always: true, run: async () => void (await rig.run(['other'])) })
  rig.task({ name: 'other', run: async () => {} })
  const held = await rig.run(['nested'])
  expect(held.failures.nested).toMatchObject({ kind: 'crash', message: 'locked' })
  const dead = spawn('true')
  await new Promise((gone) => dead.once('close', gone))
  mkdirSync(join(rig.root, '.cache'), { recursive: true })
  for (const content of [
    JSON.stringify({ pid: dead.pid, started: '1', boot: 'x', command: 'run', since: '', run: 'r' }),
    '{torn',
    '',
  ]) {
    writeFileSync(join(rig.root, '.cache/lock'), content)
    const { statuses, warnings } = await rig.run(['other'])
    expect(Object.keys(statuses)).toEqual(['other'])
    expect(warnings.map(({ kind }) => kind)).toEqual(['lock-taken-over'])
  }
  expect(readdirSync(join(rig.root, '.cache')).filter((name) => name.startsWith('lock'))).toEqual([
    'lock.last',
  ])
})

test('--wait lets a run follow another', async () => {
  const rig = new EngineRig()
  let second: Promise<{ statuses: unknown }> | undefined
  rig.task({ name: 'other', run: async () => {} })
  rig.task({ name: 'first', run: async () => void (second = rig.run(['other'], { wait: true })) })
  await rig.run(['first'])
  expect((await second!).statuses).toEqual({ other: 'ran' })
})

test('a command that prints too much to be read fails for what it is', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'loud',
    run: async ({ $ }) => void (await $`head -c 40M /dev/zero >&2; echo over; exit 3`),
  })
  expect((await rig.run(['loud'])).failures.loud).toMatchObject({ kind: 'command', exitCode: 3 })
})

test.each([
  ['is too long', 'E2BIG', {}, 'x'.repeat(3_000_000)],
  ['would start in no folder', 'ENOENT', { cwd: '/no/such/folder' }, 'x'],
])('a command that %s is told from one that has failed', async (_, code, options, argument) => {
  const rig = new EngineRig()
  rig.task({ name: 'long', run: async ({ $ }) => void (await $(options)`echo ${argument}`) })
  expect((await rig.run(['long'])).failures.long).toMatchObject({ kind: 'not-started', code })
})

function abortedSoon(reason: string): AbortSignal {
  const abort = new AbortController()
  setTimeout(() => abort.abort(reason), 200)
  return abort.signal
}
