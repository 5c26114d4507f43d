import { chmodSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Digest } from '../../../lib/model/digest.ts'
import { Failed, refuse } from '../../../lib/model/failure.ts'
import type { Json } from '../../../lib/model/json.ts'
import type { Reason } from '../../../lib/model/reason.ts'
import type { Task, TaskOptions } from '../../../lib/model/task.ts'
import { reasonsAsClauses } from '../../../lib/report/words/reason.ts'
import type { RunOptions } from '../../../lib/run/options.ts'
import { EngineRig } from '../../rig/engine.ts'
import { MadeUpHost } from './made-up-host.ts'

type Options = Partial<TaskOptions<any>>

/** A workspace with one task, and what is said of it. */
function workspace(options: Options = {}, files: Record<string, string> = {}) {
  const rig = new EngineRig()
  rig.write(files)
  declare(rig, options)
  const why = async (options?: Partial<RunOptions>) => {
    const { status, reasons } = (await rig.look(['make'], options)).make!
    return [status, ...reasonsAsClauses(reasons, 3)]
  }
  return { rig, why, run: () => rig.run(['make']) }
}

function declare(rig: EngineRig, options: Options): Task {
  rig.tasks = rig.tasks.filter(({ name }) => name !== 'make')
  return rig.task({ name: 'make', run: async () => {}, ...options })
}

test('never-ran: nothing is known of it', async () => {
  const { why } = workspace()
  expect(await why()).toEqual(['ran', 'it has not run yet'])
})

test('input-changed: files were edited', async () => {
  const { rig, why, run } = workspace(
    { inputs: { files: ['src'] } },
    { 'src/a': '1', 'src/b': '1', 'src/c': '1' },
  )
  await run()
  rig.write({ 'src/a': '2', 'src/c': '2' })
  expect(await why()).toEqual(['ran', '`src/a` and `src/c` changed'])
})

test.each([
  [0o644, 0o755, '`src/a` became executable'],
  [0o755, 0o644, '`src/a` ceased to be executable'],
])('input-changed: from mode %o to %o', async (before, after, words) => {
  const { rig, why, run } = workspace({ inputs: { files: ['src'] } }, { 'src/a': '1' })
  chmodSync(join(rig.root, 'src/a'), before)
  await run()
  chmodSync(join(rig.root, 'src/a'), after)
  expect(await why()).toEqual(['ran', words])
})

test('input-changed: two files were swapped', async () => {
  const { rig, why, run } = workspace({ inputs: { files: ['src'] } }, { 'src/a': '1', 'src/b': '2' })
  await run()
  rig.write({ 'src/a': '2', 'src/b': '1' })
  expect(await why()).toEqual(['ran', 'swapped: `src/a` ⇄ `src/b`'])
})

test('input-changed: a download has another digest', async () => {
  const download = (digit: string) => ({
    inputs: { downloads: [{ url: 'http://localhost/x', name: 'x.tgz', sha256: digit.repeat(64) }] },
  })
  const { rig, why, run } = workspace(download('a'))
  await run()
  declare(rig, download('b'))
  expect(await why()).toEqual(['ran', '`x.tgz` changed'])
})

test('a download that is had from elsewhere is the same', async () => {
  const download = (from: object) => ({
    inputs: {
      downloads: [{ url: 'http://localhost/x', name: 'x.tgz', sha256: 'a'.repeat(64), ...from }],
    },
  })
  const { rig, run, why } = workspace(download({}))
  await run()
  for (const from of [
    { url: 'http://localhost/y' },
    { mirrors: ['http://localhost/z'] },
    { file: 'x.tgz' },
  ]) {
    declare(rig, download(from))
    expect((await why())[0]).toBe('up-to-date')
  }
})

test('input-added and input-removed: files came, went and moved', async () => {
  const { rig, why, run } = workspace({ inputs: { files: ['src'] } }, { 'src/a': '1', 'src/b': '2' })
  await run()
  rig.write({ 'src/c': '3' })
  expect(await why()).toEqual(['ran', '`src/c` is new'])
  rmSync(join(rig.root, 'src/a'))
  expect(await why()).toEqual(['ran', '`src/a` is gone', '`src/c` is new'])
  renameSync(join(rig.root, 'src/b'), join(rig.root, 'src/d'))
  expect(await why()).toEqual(['ran', '`src/a` is gone', '`src/c` is new', 'renamed: `src/b` → `src/d`'])
})

test('value-changed: the place inside the value is named', async () => {
  const values = (values: Record<string, Json>) => ({ inputs: { values: () => values } })
  const { rig, why, run } = workspace(values({ level: 1, flags: { fast: true, old: 1 } }))
  await run()
  declare(rig, values({ level: 2, flags: { fast: false, extra: 'x' } }))
  expect(await why()).toEqual([
    'ran',
    '`level` 1 → 2',
    '`flags.extra` added: x',
    '`flags.fast` true → false',
    '`flags.old` removed',
  ])
})

test('env-changed: a variable has another value, or none', async () => {
  onTestFinished(() => void delete process.env.WHY_CC)
  const { rig, why, run } = workspace({ inputs: { env: ['WHY_CC'] } })
  await run()
  process.env.WHY_CC = 'gcc'
  expect(await why()).toEqual(['ran', '`WHY_CC` unset → gcc'])
  await run()
  process.env.WHY_CC = 'clang'
  expect(await why()).toEqual(['ran', '`WHY_CC` gcc → clang'])
  declare(rig, {})
  await run()
  declare(rig, { inputs: { env: ['WHY_CC', 'WHY_CXX'] } })
  expect(await why()).toEqual(['ran', '`WHY_CC` added: clang', '`WHY_CXX` added: unset'])
})

test('need-changed: a needed task made other files', async () => {
  const { rig, why } = workspace({}, { list: 'a b c' })
  const generate = rig.task({
    name: 'generate',
    inputs: { files: ['list'] },
    outputs: { files: ['gen/*'] },
    run: async ({ $ }) => void (await $`mkdir -p gen; for name in $(cat list); do cp list gen/$name; done`),
  })
  declare(rig, { needs: [generate] })
  await rig.run(['make'])
  rig.write({ list: 'b c d e' })
  await rig.run(['generate'])
  expect(await why()).toEqual([
    'ran',
    'gone from `generate`: gen/a',
    '`generate` made other bytes: gen/b and gen/c',
    'new from `generate`: gen/d and gen/e',
  ])
})

test.each([
  ['added', 'it now needs `other`'],
  ['removed', 'it no longer needs `other`'],
])('need-changed: a need was %s', async (how, words) => {
  const { rig, why, run } = workspace()
  const other = rig.task({ name: 'other', run: async () => {} })
  await rig.run(['other'])
  const [before, after] = how === 'added' ? [[], [other]] : [[other], []]
  declare(rig, { needs: before })
  await run()
  declare(rig, { needs: after })
  expect(await why()).toEqual(['ran', words])
})

test('definition-changed: the code is other code', async () => {
  const { rig, why, run } = workspace()
  await run()
  rig.write({ 'tasks/code.ts': 'export const code = 2\n' })
  expect(await why()).toEqual(['ran', 'the code of the task changed'])
})

test('definition-changed: the task declares other outputs', async () => {
  const outputs = (...files: string[]) => ({
    outputs: { files },
    run: async ({ $ }: any) => void (await $`touch ${files}`),
  })
  const { rig, why, run } = workspace(outputs('a', 'b'))
  await run()
  declare(rig, outputs('b', 'c'))
  expect(await why()).toEqual(['ran', 'its declared outputs changed: `c` added, `a` removed'])
})

test('output-missing and output-changed: what it made is no longer there, or edited', async () => {
  const { rig, why, run } = workspace({
    outputs: { files: ['a', 'b', 'c'] },
    run: async ({ $ }) => void (await $`touch a b c`),
  })
  await run()
  rmSync(join(rig.root, 'a'))
  expect(await why()).toEqual(['restored', 'its output `a` is missing'])
  rmSync(join(rig.root, 'b'))
  rig.write({ c: 'by hand' })
  expect(await why()).toEqual([
    'restored',
    'its outputs `a` and `b` are missing',
    'its output `c` is no longer what it made',
  ])
})

test('forced: it was asked for', async () => {
  const { why, run } = workspace()
  await run()
  expect(await why({ noCache: true })).toEqual(['ran', 'a new run was asked for'])
})

test('always: such is the task', async () => {
  const { why, run } = workspace({ always: true })
  await run()
  expect(await why()).toEqual(['ran', 'it runs whenever asked for'])
})

test('waits-for: nobody knows what the needed tasks will make', async () => {
  const { rig, why, run } = workspace({}, { a: '1' })
  const reading = (name: string) => rig.task({ name, inputs: { files: ['a'] }, run: async () => {} })
  declare(rig, { needs: [reading('one'), reading('two')], inputs: { values: () => ({ level }) } })
  let level = 1
  await run()
  rig.write({ a: '2' })
  expect(await why()).toEqual(['unknown', 'not known before `one` and `two` have run'])
  level = 2
  expect(await why()).toEqual(['ran', '`level` 1 → 2'])
})

test('probe-failed: the task itself finds something wrong', async () => {
  let healthy = true
  const { why, run } = workspace({
    probe: async () => (healthy ? [] : [{ kind: 'probe-failed', detail: 'nobody answers' }]),
  })
  await run()
  expect(await why()).toEqual(['up-to-date'])
  healthy = false
  expect(await why()).toEqual(['ran', 'its check found: nobody answers'])
})

test('probe-threw: the check of the task has no answer', async () => {
  const probes: NonNullable<Options['probe']>[] = [
    async () => {
      throw new Error('no answer')
    },
    async () => refuse('the port is taken', 'Free it.'),
  ]
  for (const probe of probes) {
    const { why, run } = workspace({ probe })
    await run()
    expect(await why()).toEqual([
      'ran',
      expect.stringMatching(/^its check failed: (no answer|the port is taken)$/),
    ])
  }
})

const hasToBe: [unknown, string, string][] = [
  ...[undefined, null, false, true, 3, {}, 'x'].map((found): [unknown, string, string] => [
    found,
    'probe',
    'must be an array of reasons, not ',
  ]),
  [[null], 'probe[0]', 'must be a reason, not null'],
  [['bad'], 'probe[0]', 'must be a reason, not "bad"'],
  [[{}], 'probe[0].kind', 'is undefined, which is no kind of reason'],
  [[{ kind: 'nonsense' }], 'probe[0].kind', 'is "nonsense", which is no kind of reason'],
  [[{ kind: 'probe-failed' }], 'probe[0].detail', 'is missing'],
  [
    [{ kind: 'forced' }, { kind: 'probe-failed', detail: {} }],
    'probe[1].detail',
    'must be text, not an object',
  ],
  [[{ kind: 'probe-failed', details: 'x' }], 'probe[0].details', 'is not known'],
  [[{ kind: 'input-changed' }], 'probe[0].path', 'is missing'],
  [[{ kind: 'need-changed', task: 'a', change: 'new' }], 'probe[0].change', 'must be `added` or `removed`'],
]

test.each(hasToBe)(
  'a check that finds %j is refused alike by a run and by a look',
  async (found, field, problem) => {
    const { rig, why, run } = workspace({ probe: async () => found as Reason[] })
    await run()
    const refusal = {
      kind: 'bad-task',
      task: 'make',
      file: join(rig.root, 'tasks/code.ts'),
      field,
      problem: expect.stringContaining(problem),
      advice: expect.stringMatching(/\S/),
    }
    expect((await run()).failures.make).toEqual(refusal)
    await expect(why()).rejects.toMatchObject({ problem: refusal })
  },
)

test('whatever else a check finds is said as it is', async () => {
  const { why, run } = workspace({ probe: async () => [{ kind: 'output-missing', path: '/opt/x' }] })
  await run()
  expect(await why()).toEqual(['ran', 'its output `/opt/x` is missing'])
})

/** The same with a task on a host. */
function cluster(options: Options = {}) {
  const rig = new EngineRig()
  const it = new MadeUpHost()
  rig.fleet = it.fleet
  rig.task({ name: 'make', on: 'master', run: async () => {}, ...options })
  const why = async () => {
    const { status, reasons } = (await rig.look(['make']))['make@master']!
    return [status, ...reasonsAsClauses(reasons, 3)]
  }
  return { it, why, run: () => rig.run(['make']) }
}

test('fact-changed: the host says something else', async () => {
  const { it, why, run } = cluster({ inputs: { facts: { zk: { file: '/etc/mesos/zk' } } } })
  it.facts = { zk: 'zk://10.0.0.1:2181/mesos' }
  await run()
  it.facts = { zk: 'zk://10.0.0.2:2181/mesos' }
  expect(await why()).toEqual(['ran', 'the fact `zk` zk://10.0.0.1:2181/mesos → zk://10.0.0.2:2181/mesos'])
  it.facts = {}
  expect(await why()).toEqual(['ran', 'the fact `zk` zk://10.0.0.1:2181/mesos → null'])
})

test('platform-changed: the host has another release', async () => {
  const { it, why, run } = cluster()
  await run()
  expect(await why()).toEqual(['up-to-date'])
  it.platform = 'debian-13-x86_64'
  expect(await why()).toEqual(['ran', 'the platform is debian-13-x86_64 (was debian-12-x86_64)'])
})

test('receipt-missing: the host has forgotten it', async () => {
  const { it, why, run } = cluster()
  await run()
  it.receipts.clear()
  expect(await why()).toEqual(['ran', 'the host keeps no receipt of it'])
})

test('output-missing: a file is gone from the host', async () => {
  const { it, why, run } = cluster({ outputs: { files: ['/opt/a'] } })
  it.files = { '/opt/a': { digest: 'd'.repeat(64) as Digest, size: 1, executable: false } }
  await run()
  it.missing = ['/opt/a']
  expect(await why()).toEqual(['ran', 'its output `/opt/a` is missing'])
})

test('unreachable: the host does not answer', async () => {
  const { it, why, run } = cluster()
  await run()
  it.fault = new Failed({
    kind: 'unreachable',
    host: 'master',
    address: '192.0.2.1',
    detail: 'connection refused',
  })
  expect(await why()).toEqual(['unknown', 'host `master` cannot be reached: connection refused'])
})

test('of several earlier results the nearest is compared with', async () => {
  const values = (values: Record<string, Json>) => ({ inputs: { values } })
  const { rig, why, run } = workspace(values({ a: 1, b: 1, c: 1 }))
  await run()
  declare(rig, values({ a: 2, b: 2, c: 2 }))
  await run()
  declare(rig, values({ a: 1, b: 1, c: 3 }))
  expect(await why()).toEqual(['ran', '`c` 1 → 3'])
})

test('after a reverted edit, the edit is the reason to restore', async () => {
  const { rig, why, run } = workspace(
    { inputs: { files: ['a'] }, outputs: { files: ['b'] }, run: async ({ $ }) => void (await $`cp a b`) },
    { a: '1' },
  )
  await run()
  rig.write({ a: '2' })
  await run()
  rig.write({ a: '1' })
  expect(await why()).toEqual(['restored', '`a` changed'])
})
