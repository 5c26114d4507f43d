import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'
import { Workspace } from '../../rig/workspace.ts'

test.each([
  ['nowhere', []],
  ['into a pipe', ['bash', '-c', '"$@" | wc -c', 'bash']],
])(
  'however much a task prints %s, memory stays bounded',
  async (_, under) => {
    const workspace = new Workspace({
      'tasks/index.ts': `
      import { writeFileSync } from 'node:fs'
      import { main, task } from 'ENGINE'
      const peak = () => process.resourceUsage().maxRSS / 1024
      const flood = task({
        module: import.meta.url,
        name: 'flood',
        description: 'Print a gigabyte',
        outputs: { files: ['megabytes'] },
        async run({ $ }) {
          const idle = peak()
          await $\`head -c 1G <(yes "$(printf '%01023d')")\`
          writeFileSync('megabytes', String(peak() - idle))
        },
      })
      await main({ tasks: [flood] })
    `,
    })
    const { exitCode, stderr } = await workspace.start(['run', 'flood'], { unread: true, under }).ended
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(Number(workspace.read('megabytes'))).toBeLessThan(150)
  },
  120_000,
)

test('what a task logs faster than anybody reads is in its log only, and that is said', async () => {
  const workspace = new Workspace({
    'tasks/index.ts': `
      import { writeFileSync } from 'node:fs'
      import { main, task } from 'ENGINE'
      const peak = () => process.resourceUsage().maxRSS / 1024
      const flood = task({
        module: import.meta.url,
        name: 'flood',
        description: 'Log without end',
        outputs: { files: ['megabytes'] },
        async run({ log }) {
          const idle = peak()
          for (let line = 0; line < 400_000; line++) log('x'.repeat(999))
          writeFileSync('megabytes', String(peak() - idle))
        },
      })
      await main({ tasks: [flood] })
    `,
  })
  const { exitCode, stdout } = await workspace.run('run', 'flood', '--verbose')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/flood │ … 3\d\d\.\d MB more, faster than it was read: see its log\n/)
  expect(Number(workspace.read('megabytes'))).toBeLessThan(150)
  expect(statSync(join(workspace.root, '.cache/logs/flood.log')).size).toBe(400_000_000)
}, 120_000)

test('what a task printed is shown again when its result is restored and everything is wanted', async () => {
  const { workspace, greet } = greeting()
  await greet()
  rmSync(join(workspace.root, 'out'))
  expect((await greet()).stdout).not.toContain('greet │ hello')
  rmSync(join(workspace.root, 'out'))
  const { stdout } = await greet('--verbose')
  expect(stdout).toContain('greet restored')
  expect(stdout).toContain('greet │ hello')
})

test('a restored result brings its log back', async () => {
  const { workspace, greet } = greeting()
  await greet()
  workspace.write('word', 'good evening')
  await greet()
  expect((await workspace.run('logs', 'greet')).stdout).toBe('good evening\n')
  workspace.write('word', 'hello')
  expect((await greet()).stdout).toContain('greet restored')
  expect((await workspace.run('logs', 'greet')).stdout).toBe('hello\n')
})

test('of a long log, the last megabyte is kept with the result', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'long',
    outputs: { files: ['out'] },
    run: async ({ $ }) => {
      await $`seq 1000000; touch out`
    },
  })
  await rig.run(['long'])
  rmSync(join(rig.root, 'out'))
  const { events } = await rig.run(['long'], { replay: true })
  const text = events.flatMap((event) => (event.type === 'task-output' ? event.text : [])).join('')
  expect(text.length).toBeLessThanOrEqual(1024 * 1024)
  expect(text).toMatch(/^\d{6}\n/)
  expect(text).toMatch(/\n999999\n1000000\n$/)
})

test('a task reads what a command printed, whole characters however the pieces were cut', async () => {
  const rig = new EngineRig()
  let read = ''
  rig.task({
    name: 'read',
    run: async ({ $ }) => {
      read = (await $`printf '\\303'; sleep 0.05; printf '\\244'`).stdout
    },
  })
  const { events } = await rig.run(['read'])
  expect(read).toBe('ä')
  expect(events.flatMap((event) => (event.type === 'task-output' ? event.text : [])).join('')).toBe('ä\n')
})

test('a task that wants to read more than fits is told to use a file, and its log has it all', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'greedy',
    run: async ({ $ }) => {
      expect((await $`head -c 20M /dev/zero`).stdout).toBe('never read')
    },
  })
  const { failures } = await rig.run(['greedy'])
  expect(failures.greedy).toMatchObject({ kind: 'refused', problem: expect.stringContaining('16 MB') })
  expect(readFileSync(join(rig.root, '.cache/logs/greedy.log')).length).toBe(20 * 1024 * 1024 + 1)
})

test('a command has nothing to read but the input that it is given', async () => {
  const rig = new EngineRig()
  const read: string[] = []
  rig.task({
    name: 'read',
    run: async ({ $ }) => {
      read.push((await $`cat`).stdout, (await $({ input: 'given' })`cat`).stdout)
    },
  })
  await rig.run(['read'])
  expect(read).toEqual(['', 'given'])
})

test('of commands that fail together, the one that the task waited for is blamed', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'both',
    run: async ({ $ }) => {
      const other = $`exit 4`.nothrow()
      const [failed] = await Promise.allSettled([$`exit 3`, other])
      if (failed.status === 'rejected') throw failed.reason
    },
  })
  const { failures } = await rig.run(['both'])
  expect(failures.both).toMatchObject({ kind: 'command', command: 'exit 3', exitCode: 3 })
})

test('the output of a command that fails is shown by its end', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'fail',
    run: async ({ $ }) => {
      await $`seq 1000000; echo 'no such luck' >&2; exit 3`
    },
  })
  const { failures } = await rig.run(['fail'])
  expect(failures.fail).toMatchObject({ kind: 'command', exitCode: 3 })
  expect(failures.fail).toHaveProperty('tail', expect.stringMatching(/\n1000000\nno such luck$/))
})

function greeting() {
  const workspace = new Workspace({
    word: 'hello',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const greet = task({
        module: import.meta.url,
        name: 'greet',
        description: 'Say something',
        inputs: { files: ['word'] },
        outputs: { files: ['out'] },
        async run({ $ }) {
          await $\`tee out < word\`
        },
      })
      await main({ tasks: [greet] })
    `,
  })
  const greet = async (...options: string[]) => {
    const ended = await workspace.run('run', 'greet', ...options)
    expect([ended.exitCode, existsSync(join(workspace.root, 'out'))]).toEqual([0, true])
    return ended
  }
  return { workspace, greet }
}
