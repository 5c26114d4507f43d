import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRoot, smallDisk } from '../../rig/small-disk.ts'
import { type Ended, Workspace } from '../../rig/workspace.ts'

const toDo = (path: string) =>
  `Give access to whoever runs this (\`ls -ld ${path}\` shows who has it), then run again.\n`

describe('a file that nobody may read', () => {
  test('fails the task whose input it is, by name', async () => {
    const workspace = copying()
    chmodSync(join(workspace.root, 'in/a'), 0o000)
    expectFailure(await run(workspace), `access to \`in/a\` is denied.\n${toDo('in/a')}`)
  })

  test.for<[string, string, string[]]>([
    ['', 'in/a', ['in/a']],
    [' when it is a folder of inputs', 'in', ['in/**']],
    [' when it lies in a folder that nobody may read', 'in', ['in/a']],
  ])('keeps nobody from looking at the others, and its task is not known%s', async ([, path, inputs]) => {
    const workspace = copying({ inputs })
    chmodSync(join(workspace.root, path), 0o000)
    const [why, dryRun, status] = await Promise.all(
      [['why', 'copy'], ['run', '--dry-run', 'copy', 'other'], ['status']].map((command) =>
        withoutPrivileges(workspace, ...command),
      ),
    )
    chmodSync(join(workspace.root, path), 0o755)
    expect(why).toMatchObject({
      exitCode: 0,
      stdout: `copy: not known yet, because\n  - access to \`${path}\` is denied\n`,
    })
    expect(dryRun).toMatchObject({ exitCode: 0, stderr: '' })
    expect(dryRun!.stdout).toMatch(`copy not known yet: access to \`${path}\` is denied`)
    expect(dryRun!.stdout).toContain('other would run')
    expect(status).toMatchObject({ exitCode: 1, stderr: '' })
    expect(status!.stdout).toContain(`copy not known yet: access to \`${path}\` is denied`)
  })

  test('fails no other task when it is a folder of inputs', async () => {
    const workspace = copying({ inputs: ['in/**'] })
    const folder = join(workspace.root, 'in')
    chmodSync(folder, 0o000)
    const { exitCode, stdout, stderr } = await withoutPrivileges(
      workspace,
      ...['run', 'copy', 'other', '--keep-going', '--log-format', 'json'],
    )
    chmodSync(folder, 0o755)
    expect([exitCode, stderr]).toEqual([1, `\n\`copy\` failed: access to \`in\` is denied.\n${toDo('in')}`])
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.filter(({ type }) => type === 'task-end')).toMatchObject([
      { task: 'copy', status: 'failed', failure: { kind: 'file-fault', path: 'in', problem: 'denied' } },
      { task: 'other', status: 'ran' },
    ])
  })

  test('fails the task whose output it is', async () => {
    const workspace = copying({ command: 'cp in/a out/a; chmod 000 out/a' })
    expectFailure(await run(workspace), `access to \`out/a\` is denied.\n${toDo('out/a')}`)
  })

  test('is put right when it was an output that could be read', async () => {
    const workspace = copying()
    await run(workspace)
    chmodSync(join(workspace.root, 'out/a'), 0o000)
    const { exitCode, stderr } = await run(workspace)
    expect([exitCode, stderr]).toEqual([
      0,
      'Warning: `out/a`, an output of `copy`, was edited by hand: it was put right.\n',
    ])
    expect(workspace.read('out/a')).toBe('one')
  })

  test('is left as it is when it is of the cache, and serves again once it can be read', async () => {
    const workspace = copying()
    await run(workspace)
    const [record] = readdirSync(join(workspace.root, '.cache/records/copy')).filter(isRecord)
    const path = join(workspace.root, '.cache/records/copy', record!)
    chmodSync(path, 0o000)
    workspace.write('in/a', 'two')
    expect((await run(workspace)).stderr).toMatch(/cannot be used: permission denied/)
    expect((await withoutPrivileges(workspace, 'cache', 'verify')).stdout).toMatch(
      `\`.cache/records/copy/${record}\` cannot be looked at, or not removed: permission denied.`,
    )
    expect((await withoutPrivileges(workspace, 'cache', 'gc', '--max-size', '1B')).exitCode).toBe(1)
    chmodSync(path, 0o644)
    workspace.write('in/a', 'one')
    expect((await run(workspace)).stdout).toContain('copy restored')
  })

  test('costs a new run when it is of the cache, and is told', async () => {
    const workspace = copying()
    await run(workspace)
    const files = readdirSync(join(workspace.root, '.cache'), { recursive: true }).map(String)
    const record = files.find((path) => path.startsWith('records/') && isRecord(path))!
    chmodSync(join(workspace.root, '.cache', record), 0o000)
    // At a glance, no record is read.
    rmSync(join(workspace.root, '.cache/glances'), { recursive: true, force: true })
    const { exitCode, stdout, stderr } = await run(workspace)
    expect([exitCode, stderr]).toEqual([
      0,
      `Warning: \`.cache/${record}\` cannot be used: permission denied. The run goes on without it.\n`,
    ])
    expect(stdout).toContain('✓ copy ran')
    expect(await run(workspace)).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('a folder that nobody may write to', () => {
  test('fails the task whose outputs belong there, by name', async () => {
    const workspace = copying({ output: 'out/deep/a', command: 'cp in/a out/deep/a' })
    mkdirSync(join(workspace.root, 'out'), { mode: 0o555 })
    expectFailure(await run(workspace), `access to \`out\` is denied.\n${toDo('out')}`)
  })

  test('is named where a file in it cannot be removed', async () => {
    const workspace = copying()
    await run(workspace)
    workspace.write('in/a', 'two')
    chmodSync(join(workspace.root, 'out'), 0o555)
    const ended = await run(workspace)
    chmodSync(join(workspace.root, 'out'), 0o755)
    expectFailure(ended, `access to \`out\` is denied.\n${toDo('out')}`)
  })

  test('is named when it is the cache', async () => {
    const workspace = copying()
    mkdirSync(join(workspace.root, '.cache'), { mode: 0o555 })
    const { exitCode, stderr } = await run(workspace)
    expect(exitCode).toBe(0)
    expect(stderr).toContain('could not be taken: access to `.cache` is denied. The run goes on without it. ')
    expect(stderr).toContain('(`ls -ld .cache` shows who has it)')
  })

  test.runIf(isRoot)('fails no run when it is the cache, and is told', async () => {
    const workspace = copying()
    const change = smallDisk(join(workspace.root, '.cache'), { bytes: 1 << 20, files: 100 })
    await run(workspace)
    change({ bytes: 1 << 20, files: 100, readOnly: true })
    expectTold(await run(workspace), '· copy up to date')
    workspace.write('in/a', 'two')
    expectTold(await run(workspace), '✓ copy ran')
    expect(workspace.read('out/a')).toBe('two')
    expectTold(await run(workspace), '✓ copy ran')

    function expectTold({ exitCode, stdout, stderr }: Ended, said: string): void {
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining(said)])
      expect(stderr).toMatch(
        /^Warning: .* can only be read. The run goes on without it. .*\n(Warning: \d more faults? .*\n)?$/,
      )
    }
  })
})

function isRecord(path: string): boolean {
  return path.endsWith('.json')
}

/** One task that copies a file, and one that has nothing to do with that. */
function copying({ inputs = ['in/a'], output = 'out/a', command = 'cp in/a out/a' } = {}): Workspace {
  return new Workspace({
    'in/a': 'one',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const copy = task({
        module: import.meta.url,
        name: 'copy',
        description: 'Copy a file',
        inputs: { files: ${JSON.stringify(inputs)} },
        outputs: { files: ['${output}'] },
        async run({ $ }) {
          await $\`${command}\`
        },
      })
      const other = task({
        module: import.meta.url,
        name: 'other',
        description: 'Copy nothing',
        async run() {},
      })
      await main({ tasks: [copy, other] })
    `,
  })
}

const run = (workspace: Workspace) => withoutPrivileges(workspace, 'run', 'copy')

/** Root may read and write everything: it gives that up. */
function withoutPrivileges(workspace: Workspace, ...args: string[]): Promise<Ended> {
  const under = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []
  return workspace.start(args, { under }).ended
}

function expectFailure({ exitCode, stderr }: Ended, words: string): void {
  expect([exitCode, stderr]).toEqual([1, `\n\`copy\` failed: ${words}`])
}
