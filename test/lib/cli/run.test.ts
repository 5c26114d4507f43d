import { expect, test } from 'vitest'
import { type Ended, Workspace } from '../../rig/workspace.ts'

const tasks = `
  import { existsSync } from 'node:fs'
  import { main, task } from 'ENGINE'
  const module = import.meta.url
  const generate = task({ module, name: 'generate', description: 'Make a list', outputs: { files: ['build/list'] },
    inputs: { files: ['src/*'] }, async run({ $ }) { await $\`ls src > build/list; echo listed\` } })
  const broken = task({ module, name: 'broken', description: 'Fail', needs: [generate],
    async run({ $ }) { await $\`echo it is bad >&2; exit 7\` } })
  const after = task({ module, name: 'after', description: 'Never', needs: [broken], async run() {} })
  const patient = task({ module, name: 'patient', description: 'Wait for a signal', async run({ log, signal }) {
    log('waiting')
    const alive = setInterval(() => {}, 1000)
    await new Promise((aborted) => signal.addEventListener('abort', aborted))
    clearInterval(alive)
    log('ended in order') } })
  const chatty = task({ module, name: 'chatty', description: 'Print a lot', outputs: { files: ['build/end'] },
    async run({ $ }) { await $\`seq 1 200000; touch build/end\` } })
  await main({ tasks: [after, patient, chatty] })
`

const workspace = () => new Workspace({ 'tasks/index.ts': tasks, 'src/a': '' })

const events = ({ stdout }: Ended) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('without targets they are listed, with exit code 2', async () => {
  expect(await workspace().run('run')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr:
      'Error: No target was named. These are known:\n  generate\n  broken\n  after\n  patient\n  chatty\n',
  })
})

test('an unknown target is suggested the nearest, and prints no JSON', async () => {
  expect(await workspace().run('run', 'brokn', '--log-format', 'json')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean `broken`?'),
  })
})

test('a first run says what it does, a second that there is nothing to do', async () => {
  const it = workspace()
  const first = await it.run('run', 'generate')
  expect(first).toMatchObject({ exitCode: 0, stderr: '' })
  expect(first.stdout).toMatch(
    /^▸ generate starts: it has not run yet\ngenerate │ listed\n✓ generate ran \(.+\)\n\n✓ Done: 1 ran \(.+\)\n$/,
  )
  expect((await it.run('run', 'generate')).stdout).toMatch(
    /^· generate up to date\n\n✓ Nothing to do: 1 up to date/,
  )
})

test('a failed task shows its last lines and its log, no usage, and exit code 1', async () => {
  const { exitCode, stdout, stderr } = await workspace().run('run', 'after')
  expect(exitCode).toBe(1)
  expect(stdout).toContain('✗ broken failed')
  expect(stdout).toContain('– after blocked by broken')
  expect(stderr).toContain('exited with 7.\n  it is bad\nFull log: .cache/logs/broken.log\n')
  expect(stdout + stderr).not.toContain('Options:')
})

test('with --log-format json every instance ends exactly once, and nothing else is on stdout', async () => {
  const all = events(await workspace().run('run', 'after', '--log-format', 'json'))
  expect(all[0]).toMatchObject({ type: 'run-start', schema: 1, targets: ['after'] })
  const ends = all.filter(({ type }) => type === 'task-end')
  expect(ends.map(({ task, status }) => [task, status])).toEqual([
    ['generate', 'ran'],
    ['broken', 'failed'],
    ['after', 'blocked'],
  ])
  expect(ends[0].key).toMatch(/^[0-9a-f]{64}$/)
  expect(all.at(-1)).toMatchObject({
    type: 'run-end',
    ok: false,
    exitCode: 1,
    counts: { ran: 1, failed: 1, blocked: 1 },
  })
})

test('a dry run tells the same events with dryRun, changes nothing, and ends with 0', async () => {
  const it = workspace()
  const ended = await it.run('run', 'after', '--dry-run', '--log-format', 'json')
  expect(ended.exitCode).toBe(0)
  const all = events(ended)
  expect(all.every(({ dryRun }) => dryRun === true)).toBe(true)
  expect(all.filter(({ type }) => type === 'task-end')).toHaveLength(3)
  expect(all.at(-1)).toMatchObject({ type: 'run-end', ok: true, exitCode: 0 })
  expect(() => it.read('build/list')).toThrow('ENOENT')
  expect(() => it.read('.cache/lock')).toThrow('ENOENT')
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends with exit code %d', async (signal, exitCode) => {
  const run = workspace().start(['run', 'patient', '--log-format', 'json'])
  await run.printed('waiting')
  run.child.kill(signal)
  const ended = await run.ended
  expect(ended).toMatchObject({ exitCode, signal: null })
  expect(events(ended).at(-1)).toMatchObject({
    type: 'run-end',
    ok: false,
    exitCode,
    counts: { cancelled: 1 },
  })
})

test('a reader that goes away does not end the run', async () => {
  const it = workspace()
  const run = it.start(['run', 'chatty'])
  await run.printed('chatty │')
  run.child.stdout?.destroy()
  expect(await run.ended).toMatchObject({ exitCode: 0, stderr: '' })
  expect(it.read('build/end')).toBe('')
})

test('no output is lost at the end, however much it is', async () => {
  const { stdout } = await workspace().run('run', 'chatty')
  expect(stdout).toContain('chatty │ 200000\n')
  expect(stdout.split('\n').filter((line) => line.startsWith('chatty │'))).toHaveLength(200_000)
})

test('a task that waits for what never comes is told, and is no success', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const lost = task({ module: import.meta.url, name: 'lost', description: 'Lost', run: () => new Promise(() => {}) })
      await main({ tasks: [lost] })`,
  })
  const { exitCode, stderr } = await it.run('run', 'lost')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('it waits for something that can no longer come')
})
