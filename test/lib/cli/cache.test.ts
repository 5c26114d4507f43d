import { chmodSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isRoot } from '../../rig/small-disk.ts'
import { Workspace } from '../../rig/workspace.ts'

/** One task, whose output is as large as `size` says. */
const tasks = (cache = '') => `
  import { main, task } from 'ENGINE'
  const make = task({ module: import.meta.url, name: 'make', description: 'Make it',
    inputs: { files: ['size'] }, outputs: { files: ['out'] },
    async run({ $ }) { await $\`head -c $(cat size) /dev/zero > out; echo made\` } })
  await main({ tasks: [make]${cache} })
`

const workspace = (cache?: string) => new Workspace({ 'tasks/index.ts': tasks(cache), size: '100000' })

async function afterRuns(...sizes: number[]) {
  const it = workspace()
  for (const size of sizes) {
    it.write('size', String(size))
    await it.run('run', 'make')
  }
  return it
}

test('stats tell what lies there, for which tasks and since when, and change nothing', async () => {
  const it = await afterRuns(100_000, 200_000)
  const file = recordOf(it)
  const old = new Date(Date.now() - 3.1 * 86_400_000)
  utimesSync(file, old, old)
  const before = filesIn(it)
  const { exitCode, stdout, stderr } = await it.run('cache', 'stats')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout.replace(/\d+ minutes? ago/g, 'just now')).toMatch(
    new RegExp(
      [
        '^ {10}number  size      oldest use',
        'contents  3       300.0 kB  just now',
        'records   2       \\d.\\d kB    3 days ago',
        'logs      1       5 B       just now',
        'memory    \\d       \\S+ k?B +just now',
        '',
        '30\\d.\\d kB in all, of 10.0 GB.',
        '',
        'task  records  contents  last use',
        'make  2        300.0 kB  just now\n$',
      ].join('\n'),
    ),
  )
  const json = JSON.parse((await it.run('cache', 'stats', '--format', 'json')).stdout)
  expect(json).toMatchObject({
    limit: 10e9,
    blobs: { number: 3, size: 300_005 },
    records: { number: 2, oldestUse: old.toISOString() },
    downloads: { number: 0, size: 0, oldestUse: null },
    tasks: [{ task: 'make', records: 2, size: 300_005 }],
    damagedRecords: 0,
  })
  expect(filesIn(it)).toEqual(before)
})

test('verify says each finding in a sentence and removes what is damaged, with exit code 1 once', async () => {
  const it = await afterRuns(10)
  expect(await it.run('cache', 'verify')).toMatchObject({
    exitCode: 0,
    stdout: 'The cache is whole.\n',
    stderr: '',
  })
  const record = recordOf(it)
  writeFileSync(record, readFileSync(record, 'utf8').slice(0, 50))
  expect(await it.run('cache', 'verify')).toMatchObject({
    exitCode: 1,
    stdout:
      `\`${record.slice(it.root.length + 1)}\` cannot be used: it is cut off or scrambled. ` +
      'It was worth nothing, and is removed.\n1 finding.\n',
    stderr: '',
  })
  expect((await it.run('cache', 'verify')).exitCode).toBe(0)
})

test('gc trims to a size, says what it removed and what is left, and the next run still finds the rest', async () => {
  const it = await afterRuns(100_000, 200_000)
  const { exitCode, stdout, stderr } = await it.run('cache', 'gc', '--max-size', '250kB')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(
    /^Removed 1 record and 1 content: 10\d.\d kB.\nLeft: 20\d.\d kB, at most 250.0 kB are wanted.\n$/,
  )
  expect((await it.run('run', 'make')).stdout).toContain('Nothing to do')
  expect((await it.run('cache', 'verify')).exitCode).toBe(0)
})

test('gc removes what was not used for so long', async () => {
  const it = await afterRuns(10)
  expect((await it.run('cache', 'gc', '--max-age', '2w')).stdout).toMatch(
    /^Nothing was removed.\nLeft: [\d.]+ kB.\n$/,
  )
  expect((await it.run('cache', 'gc', '--max-age', '0h')).stdout).toMatch(
    /^Removed 1 record, 2 contents and 1 log: /,
  )
})

test('gc without options trims to what main() allows', async () => {
  const it = workspace(", cache: { maxSize: '150 kB' }")
  await it.run('run', 'make')
  const { stdout } = await it.run('cache', 'gc')
  expect(stdout).toMatch(/^Nothing was removed.\nLeft: 10\d.\d kB, at most 150.0 kB are wanted.\n$/)
})

test('a run that leaves more than main() allows removes what was least recently used, and says so in one line', async () => {
  const it = workspace(", cache: { maxSize: '250kB' }")
  expect((await it.run('run', 'make')).stderr).toBe('')
  it.write('size', '190000')
  const { exitCode, stderr } = await it.run('run', 'make')
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(
    /^Warning: The cache was larger than 250.0 kB: 10\d.\d kB of what was least recently used were removed, 19\d.\d kB are left.\n$/,
  )
  expect(await it.run('run', 'make')).toMatchObject({ exitCode: 0, stderr: '' })
})

test('clear removes everything but the sandbox, the lock and .gitignore, and the next run makes it anew', async () => {
  const it = await afterRuns(10)
  it.write('.cache/sandbox/hosts/master/file', 'x')
  it.write('.cache/.gitignore', '*')
  expect(await it.run('cache', 'clear')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Removed 1 record, 2 contents, 1 log and \d memory files?: [\d.]+ kB.\n$/),
    stderr: '',
  })
  expect(Object.keys(filesIn(it))).toEqual(['.gitignore', 'lock.last', 'sandbox/hosts/master/file'])
  expect((await it.run('cache', 'clear')).stdout).toBe('The cache is empty already.\n')
  expect((await it.run('run', 'make')).stdout).toContain('Done: 1 ran')
})

test('without a cache nothing is wrong, nothing is removed, and none is made', async () => {
  const it = workspace()
  for (const [action, said] of [
    ['stats', 'The cache is empty.\n'],
    ['verify', 'The cache is whole.\n'],
    ['gc', 'Nothing was removed.\nLeft: 0 B, at most 10.0 GB are wanted.\n'],
    ['clear', 'The cache is empty already.\n'],
  ] as const)
    expect(await it.run('cache', action)).toMatchObject({ exitCode: 0, stdout: said, stderr: '' })
  expect(existsSync(join(it.root, '.cache'))).toBe(false)
})

test('clear does not call a cache empty of which it could remove nothing', async () => {
  const it = workspace()
  it.write('.cache', 'no folder')
  expect(await it.run('cache', 'clear')).toMatchObject({
    exitCode: 1,
    stdout: 'Nothing was removed.\n',
    stderr: expect.stringContaining('`.cache` cannot be looked at, or not removed: not a directory. '),
  })
})

test('a folder that may not be read is named, nothing in it is touched, and the exit code is 1', async () => {
  const it = await afterRuns(10)
  const records = join(it.root, '.cache/records')
  const before = filesIn(it)
  chmodSync(records, 0o000)
  for (const [action, stream] of [
    ['stats', 'stderr'],
    ['verify', 'stdout'],
    ['gc', 'stderr'],
  ] as const) {
    const ended = await withoutPrivileges(it, 'cache', action)
    expect([action, ended.exitCode]).toEqual([action, 1])
    expect(ended[stream]).toContain(
      '`.cache/records` cannot be looked at, or not removed: permission denied. ',
    )
  }
  chmodSync(records, 0o755)
  expect(filesIn(it)).toEqual(before)
})

test('wrong words and options are refused with what is right, and do nothing', async () => {
  const it = await afterRuns(10)
  const before = filesIn(it)
  const refusals: [string[], string][] = [
    [[], '`cache` is not one of cache stats, cache verify, cache gc, cache clear.'],
    [
      ['claer'],
      '`cache claer` is not one of cache stats, cache verify, cache gc, cache clear. Did you mean `clear`?',
    ],
    [['gc', 'clear'], '`cache gc clear` is not one of'],
    [['clear', '--max-age', '1d'], '`--max-age` belongs to `cache gc`.'],
    [
      ['gc', '--max-size', '5'],
      '`--max-size` must be such as `5GB`, `500MB` or `10GiB`, not `5`. Did you mean `5GB`?',
    ],
    [
      ['gc', '--max-age', '30'],
      '`--max-age` must be such as `12h`, `30d` or `2w`, not `30`. Did you mean `30d`?',
    ],
  ]
  await Promise.all(
    refusals.map(async ([words, said]) => {
      const { exitCode, stdout, stderr } = await it.run('cache', ...words)
      expect({ words, exitCode, stdout }).toEqual({ words, exitCode: 2, stdout: '' })
      expect(stderr).toContain(said)
    }),
  )
  expect(filesIn(it)).toEqual(before)
})

function recordOf(it: Workspace): string {
  const folder = join(it.root, '.cache/records/make')
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.json')) as string)
}

/** Contents by path from `.cache`. */
function filesIn(it: Workspace): Record<string, string> {
  const folder = join(it.root, '.cache')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]),
  )
}

/** Root may read everything: it gives that up. */
function withoutPrivileges(it: Workspace, ...args: string[]) {
  const under = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []
  return it.start(args, { under }).ended
}
