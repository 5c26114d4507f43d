import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findProcess } from '../../../lib/local/processes.ts'
import type { Event } from '../../../lib/model/event.ts'
import type { RunContext } from '../../../lib/model/task.ts'
import { failureInWords } from '../../../lib/report/words/failure.ts'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'
import { Workspace } from '../../rig/workspace.ts'

test('a pool admits as many tasks at once as it has room for, and no more', async () => {
  const rig = new EngineRig()
  rig.pools = { two: 2 }
  let running = 0
  let most = 0
  const arrived = new Set<string>()
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    rig.task({
      name,
      pool: 'two',
      run: async () => {
        most = Math.max(most, ++running)
        arrived.add(name)
        await until(() => arrived.size >= 2)
        running--
      },
    })
  await rig.run(['a', 'b', 'c', 'd', 'e'], { jobs: 5 })
  expect(most).toBe(2)
})

test('one job at a time is enough for tasks of several pools that need each other', async () => {
  const rig = new EngineRig()
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const [index, name] of names.entries())
    rig.task({
      name,
      pool: index % 2 ? 'odd' : 'even',
      needs: rig.tasks.slice(-2),
      run: async ({ $ }) => void (await $`true`),
    })
  const { statuses } = await rig.run(names, { jobs: 1 })
  expect(statuses).toEqual(Object.fromEntries(names.map((name) => [name, 'ran'])))
})

test('a task that waits for its pool leaves its place to others', async () => {
  const rig = new EngineRig()
  let otherRan = () => {}
  const other = new Promise<void>((done) => {
    otherRan = done
  })
  rig.task({ name: 'first', pool: 'one', run: () => other })
  rig.task({ name: 'second', pool: 'one', run: async () => {} })
  rig.task({ name: 'other', run: async () => otherRan() })
  const { end } = await rig.run(['first', 'second', 'other'], { jobs: 2 })
  expect(end.counts.ran).toBe(3)
})

test('how long a task took does not include how long it waited for its turn', async () => {
  const rig = new EngineRig()
  rig.task({ name: 'long', pool: 'one', run: async ({ $ }) => void (await $`sleep 0.5`) })
  rig.task({ name: 'short', pool: 'one', run: async () => {} })
  rig.pools = { one: 1 }
  const { events } = await rig.run(['long', 'short'], { jobs: 2 })
  const took = Object.fromEntries(
    events.flatMap((event) => (event.type === 'task-end' ? [[event.task, event.ms]] : [])),
  )
  expect(took.short).toBeLessThan(took.long!)
})

test('a failed attempt is followed by a pause, and the next pause is twice as long', async () => {
  const rig = new EngineRig()
  const times: number[] = []
  rig.task({
    name: 'flaky',
    retries: 2,
    run: async () => {
      times.push(performance.now())
      throw new Error('not yet')
    },
  })
  const { failures } = await rig.run(['flaky'])
  expect(failures.flaky).toMatchObject({ kind: 'crash', message: 'not yet' })
  const [first, second, third] = times as [number, number, number]
  expect(times.length).toBe(3)
  expect(second - first).toBeGreaterThan(370)
  expect(third - second).toBeGreaterThan(740)
})

test('every attempt starts without what the failed one made', async () => {
  const rig = new EngineRig()
  let tried = 0
  rig.task({
    name: 'flaky',
    retries: 1,
    outputs: { files: ['out/*.txt'] },
    run: async ({ root }) => {
      writeFileSync(join(root, `out/${++tried}.txt`), 'x')
      if (tried === 1) throw new Error('half-way')
    },
  })
  expect((await rig.run(['flaky'])).statuses).toEqual({ flaky: 'ran' })
  expect([existsSync(join(rig.root, 'out/1.txt')), existsSync(join(rig.root, 'out/2.txt'))]).toEqual([
    false,
    true,
  ])
})

test('a cancelled run does not wait for the next attempt', async () => {
  const rig = new EngineRig()
  const abort = new AbortController()
  rig.task({
    name: 'flaky',
    retries: 10,
    run: async ({ log }) => {
      log('trying')
      setImmediate(() => abort.abort('SIGTERM'))
      throw new Error('no')
    },
  })
  const { end, statuses } = await rig.run(['flaky'], {}, abort.signal)
  expect([end.exitCode, statuses]).toEqual([143, { flaky: 'cancelled' }])
})

test('a failed attempt starts no command and prints nothing during the next one', async () => {
  const rig = new EngineRig()
  const second = gate()
  const half = gate()
  let tried = 0
  let late: unknown
  rig.task({
    name: 'flaky',
    retries: 1,
    run: async ({ $, log, warn }) => {
      if (++tried === 2) {
        second.open()
        return half.opened
      }
      void (async () => {
        await second.opened
        log('late')
        warn('late')
        late = await $`echo late | tee late`.catch((error) => error)
        half.open()
      })()
      throw new Error('not yet')
    },
  })
  const { statuses, events, warnings } = await rig.run(['flaky'])
  expect(statuses).toEqual({ flaky: 'ran' })
  expect(late).toBeInstanceOf(Error)
  expect(existsSync(join(rig.root, 'late'))).toBe(false)
  expect([warnings, printed(events)]).toEqual([[], 'Attempt 1 of 2 failed; trying again.\n'])
  expect(readFileSync(join(rig.root, '.cache/logs/flaky.log'), 'utf8')).not.toContain('late')
})

test('one of two branches that a failed task left behind starts no further command', async () => {
  const rig = new EngineRig()
  const failed = gate()
  let branch = Promise.resolve<unknown>(undefined)
  rig.task({
    name: 'forked',
    run: async ({ $ }) => {
      branch = failed.opened.then(() => $`touch late`)
      await Promise.all([$`exit 3`, branch])
    },
  })
  const { failures } = await rig.run(['forked'])
  failed.open()
  await expect(branch).rejects.toThrow()
  expect(failures.forked).toMatchObject({ kind: 'command', command: 'exit 3' })
  expect(existsSync(join(rig.root, 'late'))).toBe(false)
})

test('a function that ended well starts no command afterwards', async () => {
  const rig = new EngineRig()
  const ended = gate()
  let left = Promise.resolve<unknown>(undefined)
  rig.task({
    name: 'hasty',
    run: async ({ $ }) => {
      left = ended.opened.then(() => $`touch late`)
    },
  })
  expect((await rig.run(['hasty'])).statuses).toEqual({ hasty: 'ran' })
  ended.open()
  await expect(left).rejects.toThrow()
  expect(existsSync(join(rig.root, 'late'))).toBe(false)
})

test('the signal of a task tells what it left behind that it is over', async () => {
  const rig = new EngineRig()
  const signals: AbortSignal[] = []
  rig.task({
    name: 'flaky',
    retries: 1,
    run: async ({ signal }) => {
      expect(signals.map(({ aborted }) => aborted)).toEqual(signals.map(() => true))
      if (signals.push(signal) === 1) throw new Error('not yet')
    },
  })
  expect((await rig.run(['flaky'])).statuses).toEqual({ flaky: 'ran' })
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
})

test('what a timed-out attempt left running is ended before the next one begins', async () => {
  const rig = new EngineRig()
  let tried = 0
  rig.task({
    name: 'slow',
    timeout: '1s',
    retries: 1,
    outputs: { files: ['out'] },
    run: async ({ $ }) => {
      if (++tried === 1)
        await $`trap 'echo ending; sleep 0.5; echo half > out' TERM; echo $$ > pid; sleep 60 & wait; wait`
      expect(findProcess(Number(readFileSync(join(rig.root, 'pid'), 'utf8')))).toBeUndefined()
      expect(existsSync(join(rig.root, 'out'))).toBe(false)
      await $`echo whole > out`
    },
  })
  const { statuses, events } = await rig.run(['slow'])
  expect(statuses).toEqual({ slow: 'ran' })
  expect(printed(events)).toBe('ending\nAttempt 1 of 2 failed; trying again.\n')
})

test('a task with a time limit that is cancelled did not time out', async () => {
  const rig = new EngineRig()
  const abort = new AbortController()
  rig.task({
    name: 'long',
    timeout: '1h',
    run: async ({ $ }) => {
      const running = $`sleep 60`
      abort.abort('SIGINT')
      await running
    },
  })
  expect((await rig.run(['long'], {}, abort.signal)).statuses).toEqual({ long: 'cancelled' })
})

test('a task that fails by itself did not time out, however long the end of its processes takes', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'fails',
    timeout: '4s',
    run: async ({ $ }) =>
      void (await $`(trap '' TERM; touch trapped; sleep 60) > /dev/null 2>&1 & until [ -e trapped ]; do :; done; exit 3`),
  })
  expect((await rig.run(['fails'])).failures.fails).toMatchObject({ kind: 'command', exitCode: 3 })
})

test('every attempt has the whole time limit', async () => {
  const rig = new EngineRig()
  let tried = 0
  rig.task({
    name: 'slow',
    timeout: '1s',
    retries: 1,
    run: async ({ $ }) => void (await $`${++tried === 1 ? ['sleep', '60'] : ['true']}`),
  })
  expect((await rig.run(['slow'])).statuses).toEqual({ slow: 'ran' })
})

test('a function that ignores its signal is left behind, and does not keep the program', async () => {
  const workspace = programOf(`
    timeout: '1s',
    run: () => new Promise((done) => setTimeout(done, 3600_000)),
  `)
  const { exitCode, stderr } = await workspace.run('run', 'it')
  expect([exitCode, stderr]).toEqual([
    1,
    '\n`it` failed: it was stopped after 1s, its time limit.\n' +
      'If it needs longer, raise `timeout` in its task file.\n',
  ])
})

test('a function that ignores its signal does not keep a cancelled program', async () => {
  const workspace = programOf(`
    run: ({ log }) => new Promise((done) => {
      log('started')
      setTimeout(done, 3600_000)
    }),
  `)
  const { child, printed, ended } = workspace.start(['run', 'it'])
  await printed('started')
  child.kill('SIGINT')
  expect((await ended).exitCode).toBe(130)
})

test('a task that waits for what can no longer come fails, and the run ends in order', async () => {
  const workspace = programOf('timeout: "1h", run: () => new Promise(() => {}),')
  const { exitCode, stdout, stderr } = await workspace.run('run', 'it')
  expect([exitCode, stderr]).toEqual([
    1,
    '\n`it` failed: it waits for something that can no longer come.\n' +
      'A promise in its `run` is never kept: look for a callback that nobody calls.\n',
  ])
  expect(stdout).toContain('1 failed')
  expect(existsSync(join(workspace.root, '.cache/lock'))).toBe(false)
})

test.each([
  ['text', 'text'],
  [42, '42'],
  [undefined, 'undefined'],
  [null, 'null'],
  [{ code: 7 }, '{ code: 7 }'],
  [Object.create(null), '[Object: null prototype] {}'],
  [Symbol('mark'), 'Symbol(mark)'],
])('a task may throw anything: %o', async (thrown, message) => {
  const rig = new EngineRig()
  rig.task({
    name: 'throws',
    run: async () => {
      throw thrown
    },
  })
  const { failures } = await rig.run(['throws'])
  expect(failures.throws).toEqual({ kind: 'crash', message })
  expect(failureInWords(failures.throws!).what).toContain(message)
})

test('an error is shown with the places of the tasks that it comes from, and no others', async () => {
  const workspace = programOf(`
    async run() {
      const { setTimeout: sleep } = await import('node:timers/promises')
      const { parse } = await import('../tools/parse.ts')
      await sleep(1)
      parse('{')
    },
  `)
  workspace.write('tools/parse.ts', 'export function parse(text) {\n  return JSON.parse(text)\n}\n')
  const { stderr } = await workspace.run('run', 'it')
  expect(stderr).toMatch(
    /^\n`it` failed: it threw an error that nobody expected: .*JSON.*\n {2}at parse \(tools\/parse\.ts:2\)\n {2}at \S+ \(tasks\/index\.ts:8\)\nThis is a bug/,
  )
})

test.each([
  ['a function of Node', "run: () => fetch('nonsense:')"],
  ['no place at all', "async run() { throw Object.assign(new Error('x'), { stack: undefined }) }"],
])('an error that comes from %s is shown by its message alone', async (_, run) => {
  const { stderr } = await programOf(run).run('run', 'it')
  expect(stderr).toMatch(
    /^\n`it` failed: it threw an error that nobody expected: .*\nThis is a bug in the task, or in the engine below it\.\n$/,
  )
})

test('a task whose function is none, or does not wait, is no crash of the run', async () => {
  const rig = new EngineRig()
  rig.task({ name: 'plain', run: (() => {}) as unknown as () => Promise<void> })
  rig.task({
    name: 'throws',
    run: () => {
      throw new Error('at once')
    },
  })
  const { statuses, failures } = await rig.run(['plain', 'throws'], { keepGoing: true })
  expect(statuses).toEqual({ plain: 'ran', throws: 'failed' })
  expect(failures.throws).toMatchObject({ kind: 'crash', message: 'at once' })
})

test('commands see the variables that the documentation lists, and no other', async () => {
  const readme = readFileSync(new URL('../../../lib/README.md', import.meta.url), 'utf8')
  const paragraph = /\*\*Commands\*\* see (.*?) Nothing else\./s.exec(readme)![1]!
  const documented = [...paragraph.matchAll(/`(\w+)`/g)].map(([, name]) => name!)
  const own = ['PATH', 'PWD', 'SHLVL', '_']
  const rig = new EngineRig()
  for (const name of documented)
    if (!own.includes(name) && !name.startsWith('AURORA_MESOSPHERE_')) stub(name, `the ${name} of a test`)
  for (const name of ['RIG_DECLARED', 'RIG_SECRET', 'RIG_HIDDEN', 'SSH_AUTH_SOCK', 'EDITOR']) stub(name, 'x')
  let seen: string[] = []
  rig.task({
    name: 'look',
    inputs: { env: ['RIG_DECLARED', 'RIG_UNSET'], secrets: ['RIG_SECRET'] },
    run: async ({ $ }) => {
      seen = (await $`env -0`).stdout.split('\0').filter((entry) => entry !== '')
    },
  })
  await rig.run(['look'])
  const names = seen.map((entry) => entry.slice(0, entry.indexOf('=')))
  expect(names.sort()).toEqual([...documented, 'RIG_DECLARED', 'RIG_SECRET'].sort())
  expect(seen).toContain('TZ=the TZ of a test')
})

test('no secret shows in a failure, nor in what a task warns of', async () => {
  stub('RIG_TOKEN', 's3cr3t-token')
  const rig = new EngineRig()
  const secret = { secrets: ['RIG_TOKEN'] }
  const runs: Record<string, (context: RunContext<any>) => Promise<unknown>> = {
    command: ({ $ }) => $`echo "token is ${'s3cr3t-token'}" >&2; exit 1`,
    crash: async () => {
      throw new Error('s3cr3t-token is wrong')
    },
    warns: async ({ warn }) => warn('s3cr3t-token is old'),
  }
  for (const [name, run] of Object.entries(runs))
    rig.task({ name, inputs: secret, run: async (context) => void (await run(context)) })
  const { failures, warnings, events } = await rig.run(Object.keys(runs), { keepGoing: true })
  expect(failures.command).toMatchObject({ tail: 'token is ***' })
  expect(failures.crash).toMatchObject({ message: '*** is wrong' })
  expect(warnings).toEqual([{ kind: 'task', task: 'warns', text: '*** is old' }])
  expect(JSON.stringify(events)).not.toContain('s3cr3t')
})

function stub(name: string, value: string): void {
  vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

function printed(events: Event[]): string {
  return events.map((event) => (event.type === 'task-output' ? event.text : '')).join('')
}

/** What code that runs side by side waits for. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((done) => {
    open = done
  })
  return { opened, open }
}

/** The real program, with one task. */
function programOf(options: string): Workspace {
  return new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const it = task({ module: import.meta.url, name: 'it', description: 'Do it', ${options} })
      await main({ tasks: [it] })
    `,
  })
}

test('a task is told when it is to use no cache of its own either', async () => {
  const rig = new EngineRig()
  const told: boolean[] = []
  rig.task({ name: 'a', run: async ({ fresh }) => void told.push(fresh) })
  await rig.run(['a'])
  await rig.run(['a'], { noCache: true })
  await rig.run(['a'], { rebuild: ['a'] })
  expect(told).toEqual([false, true, true])
})
