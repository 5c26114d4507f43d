import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Event, TaskEnd } from '../../../lib/model/event.ts'
import { Workspace } from '../../rig/workspace.ts'

/** The real program with one task that a test is about, and others beside and after it. */
const workspaceOf = (options: string) =>
  new Workspace({
    'tasks/index.ts': `
      import { existsSync, writeFileSync } from 'node:fs'
      import { setTimeout as sleep } from 'node:timers/promises'
      import { main, task } from 'ENGINE'
      const module = import.meta.url
      const later = async () => { while (!existsSync('later')) await sleep(10); writeFileSync('over', '') }
      const it = task({ module, name: 'it', description: 'Do it', ${options} })
      const sibling = task({ module, name: 'sibling', description: 'Take longer',
        async run({ $ }) { await $\`until [ -e over ]; do sleep 0.05; done\` } })
      const after = task({ module, name: 'after', description: 'Come later', needs: [it],
        async run({ $ }) { await $\`touch later; until [ -e over ]; do sleep 0.05; done\` } })
      await main({ tasks: [it, sibling, after] })
    `,
  })

/** Runs it beside its sibling. */
async function run(it: Workspace, ...targets: string[]) {
  const args = ['run', ...targets, '--keep-going', '--jobs', '3', '--log-format', 'json']
  const { stdout, stderr, exitCode } = await it.run(...args)
  const events = stdout.trim().split('\n')
  const ends = events
    .map((line): Event => JSON.parse(line))
    .filter((event): event is TaskEnd => event.type === 'task-end')
  return {
    ends: ends.map(({ task, status }) => `${task} ${status}`).sort(),
    failure: ends.find(({ task }) => task === 'it')?.failure,
    last: JSON.parse(events.at(-1)!),
    stderr,
    exitCode,
  }
}

const thrown = "throw new Error('nobody caught it')"

test.each([
  ['a promise', `void (async () => { ${thrown} })()`],
  ['a promise of others', `void Promise.all([(async () => { await sleep(1); ${thrown} })()])`],
  ['a timer', `setTimeout(() => { ${thrown} }, 1)`],
  ['an event', `process.nextTick(() => process.stdout.once('mark', () => { ${thrown} }).emit('mark'))`],
])('what %s throws while its task runs is the failure of that task alone', async (_, left) => {
  const it = workspaceOf(`async run() { ${left}; await sleep(3600_000) }`)
  it.write('over', '')
  const { ends, failure, last, exitCode } = await run(it, 'it', 'sibling')
  expect(ends).toEqual(['it failed', 'sibling ran'])
  expect(failure).toMatchObject({ kind: 'crash', message: 'nobody caught it' })
  expect([last.type, exitCode]).toEqual(['run-end', 1])
})

test('what a task did not wait for is its failure even when its function has ended', async () => {
  const { failure } = await run(workspaceOf(`async run() { void (async () => { ${thrown} })() }`), 'it')
  expect(failure).toMatchObject({ message: 'nobody caught it' })
})

test('a command among others that nobody waits for fails its task as if it had been waited for', async () => {
  const it = workspaceOf(
    'async run({ $ }) { void Promise.all([$`exit 3`, $`sleep 60`]); await sleep(3600_000) }',
  )
  const { failure } = await run(it, 'it')
  expect(failure).toMatchObject({ kind: 'command', command: 'exit 3', exitCode: 3 })
})

test.each([
  ['failed', '', "throw new Error('by itself')"],
  ['timed out', "timeout: '1s',", 'await sleep(3600_000)'],
])('what fails of a task that has %s is part of that', async (_, option, end) => {
  const it = workspaceOf(`${option} async run({ $ }) {
    void Promise.all([$\`sleep 60\`, $\`sleep 60\`])
    void later().then(() => { ${thrown} })
    ${end} }`)
  const started = it.start(['run', 'it', 'sibling', '--keep-going'])
  await started.printed('it failed')
  it.write('later', '')
  const { exitCode, stdout, stderr } = await started.ended
  expect(exitCode).toBe(1)
  expect(stdout).toContain('✓ sibling ran')
  expect(stderr).not.toContain('nobody caught it')
})

test('what fails after its task ended well is a warning that names the task', async () => {
  const it = workspaceOf(`async run() { void later().then(() => { ${thrown} }) }`)
  const { ends, last, stderr, exitCode } = await run(it, 'after', 'sibling')
  expect(ends).toEqual(['after ran', 'it ran', 'sibling ran'])
  expect(stderr).toBe(
    'Warning: `it` ended well, but something that it did not wait for failed: nobody caught it.\n',
  )
  expect([last.type, exitCode]).toEqual(['run-end', 0])
})

test('a command that a task would start after its end is none, and nobody sees it', async () => {
  const it = workspaceOf('async run({ $ }) { void later().then(() => $`touch late`) }')
  const { ends, stderr } = await run(it, 'after', 'sibling')
  expect(ends).toEqual(['after ran', 'it ran', 'sibling ran'])
  expect(stderr).toBe('')
  expect(existsSync(join(it.root, 'late'))).toBe(false)
})

test.each([
  ['throws where nobody catches it', `void (async () => { ${thrown} })()`, 'nobody caught it'],
  ['waits for in vain', 'await new Promise(() => {})', 'it waits for something that can no longer come'],
])('what a check %s is a reason to run its task', async (_, check, reason) => {
  const it = workspaceOf(`async run() {}, async probe() { ${check}; return [] }`)
  await it.run('run', 'it')
  const { exitCode, stdout, stderr } = await it.run('run', 'it')
  expect(stdout).toContain(`its check failed: ${reason}`)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})

const unreadable = "Object.defineProperty(new Error(), 'message', { get() { throw new Error('in turn') } })"

test.each([
  ['throws', `throw ${unreadable}`],
  ['rejects where nobody catches it', `void Promise.reject(${unreadable}); await sleep(3600_000)`],
  ['throws as no error', "throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw 1 } }"],
])('what cannot be read of what a task %s fails that task alone', async (_, thrown) => {
  const it = workspaceOf(`async run() { ${thrown} }`)
  it.write('over', '')
  const { ends, failure, last } = await run(it, 'it', 'sibling')
  expect(ends).toEqual(['it failed', 'sibling ran'])
  expect(failure).toEqual({ kind: 'crash', message: 'one that cannot be read' })
  expect(last).toMatchObject({ type: 'run-end', exitCode: 1 })
})

test('what cannot be read and comes too late is a warning', async () => {
  const it = workspaceOf(`async run() { void later().then(() => { throw ${unreadable} }) }`)
  const { ends, stderr } = await run(it, 'after', 'sibling')
  expect(ends).toEqual(['after ran', 'it ran', 'sibling ran'])
  expect(stderr).toBe(
    'Warning: `it` ended well, but something that it did not wait for failed: one that cannot be read.\n',
  )
})

test('a task that would end the program fails alone', async () => {
  const it = workspaceOf('async run() { process.exit(0) }')
  it.write('over', '')
  const { ends, failure, last, exitCode } = await run(it, 'it', 'sibling')
  expect(ends).toEqual(['it failed', 'sibling ran'])
  expect(failure).toMatchObject({ kind: 'refused', problem: expect.stringContaining('`process.exit(0)`') })
  expect([last.type, exitCode]).toEqual(['run-end', 1])
})

test('what belongs to no task ends the program, in words', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      let fail
      new Promise((_, reject) => { fail = reject })
      const it = task({ module: import.meta.url, name: 'it', description: 'Do it',
        run: () => new Promise(() => fail(new Error('of nobody'))) })
      await main({ tasks: [it] })
    `,
  })
  const { exitCode, stderr } = await it.run('run', 'it')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('Error: Something went wrong that nobody expected: of nobody\n')
})
