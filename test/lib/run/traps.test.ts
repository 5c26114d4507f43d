import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attempt } from '../../../lib/local/attempt.ts'
import { otherProcesses } from '../../../lib/local/processes.ts'
import type { Event } from '../../../lib/model/event.ts'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'
import { blobPath } from '../cache/filled-cache.ts'

/** `list` writes down what lies in `src`, file by file; `count` how long that list is. */
function listing(files: Record<string, string>) {
  const rig = new EngineRig()
  rig.write(files)
  const list = rig.task({
    name: 'list',
    inputs: { files: ['src/**'] },
    outputs: { files: ['build/list', 'build/parts/*'] },
    run: async ({ $ }) =>
      void (await $`mkdir -p build/parts
        for file in $(find src -type f | sort); do
          echo "$file: $(cat $file)" >> build/list
          cp "$file" build/parts/
        done`),
  })
  rig.task({
    name: 'count',
    needs: [list],
    outputs: { files: ['build/count'] },
    run: async ({ $ }) => void (await $`wc -l < build/list > build/count`),
  })
  const path = (name: string) => join(rig.root, name)
  const read = (name: string) => readFileSync(path(name), 'utf8')
  return { rig, path, read }
}

const two = { 'src/a': 'apple', 'src/b': 'pear' }

const moves: [what: string, change: (path: (name: string) => string) => void, list: string][] = [
  [
    'swapping two inputs',
    (path) => {
      renameSync(path('src/a'), path('src/c'))
      renameSync(path('src/b'), path('src/a'))
      renameSync(path('src/c'), path('src/b'))
    },
    'src/a: pear\nsrc/b: apple\n',
  ],
  ['renaming an input', (path) => renameSync(path('src/a'), path('src/c')), 'src/b: pear\nsrc/c: apple\n'],
  [
    'moving an input to another folder',
    (path) => {
      mkdirSync(path('src/deep'))
      renameSync(path('src/a'), path('src/deep/a'))
    },
    'src/b: pear\nsrc/deep/a: apple\n',
  ],
  [
    'moving text from the end of an input to the beginning of the next',
    (path) => {
      writeFileSync(path('src/a'), 'app')
      writeFileSync(path('src/b'), 'lepear')
    },
    'src/a: app\nsrc/b: lepear\n',
  ],
]

test.each(moves)('%s makes the task run', async (_, change, list) => {
  const { rig, path, read } = listing(two)
  await rig.run(['list'])
  change(path)
  expect((await rig.run(['list'])).statuses).toEqual({ list: 'ran' })
  expect(read('build/list')).toBe(list)
})

test('an input that is older than the result, but another, is noticed', async () => {
  const { rig, path, read } = listing(two)
  await rig.run(['list'])
  writeFileSync(path('src/a'), 'older')
  utimesSync(path('src/a'), 1, 1)
  expect((await rig.run(['list'])).statuses).toEqual({ list: 'ran' })
  expect(read('build/list')).toBe('src/a: older\nsrc/b: pear\n')
})

test('another branch is checked out and back, old times and all: the first is noticed, the second restored', async () => {
  const { rig, path, read } = listing(two)
  const branch = (name: string) => path(`branches/${name}`)
  const checkOut = (name: string) => {
    rmSync(path('src'), { recursive: true })
    cpSync(branch(name), path('src'), { recursive: true, preserveTimestamps: true })
  }
  cpSync(path('src'), branch('main'), { recursive: true, preserveTimestamps: true })
  mkdirSync(branch('other'))
  for (const [name, content] of Object.entries({ a: 'grape', c: 'plum' })) {
    writeFileSync(join(branch('other'), name), content)
    utimesSync(join(branch('other'), name), 1000, 1000)
  }
  await rig.run(['count'])
  checkOut('other')
  expect((await rig.run(['count'])).statuses.list).toBe('ran')
  expect(read('build/list')).toBe('src/a: grape\nsrc/c: plum\n')
  expect(readdirSync(path('build/parts'))).toEqual(['a', 'c'])
  checkOut('main')
  expect((await rig.run(['count'])).statuses.list).toBe('restored')
  expect(read('build/list')).toBe('src/a: apple\nsrc/b: pear\n')
  expect(readdirSync(path('build/parts'))).toEqual(['a', 'b'])
})

test('a result that was restored leaves what depends on it as up to date as one that was made', async () => {
  const { rig, path } = listing(two)
  await rig.run(['count'])
  rmSync(path('build/list'))
  expect((await rig.run(['count'])).statuses).toEqual({ list: 'restored', count: 'up-to-date' })
  expect((await rig.run(['count'])).statuses).toEqual({ list: 'up-to-date', count: 'up-to-date' })
})

test('outputs that are deleted or edited are made anew where no cache has them', async () => {
  const { rig, path, read } = listing(two)
  await rig.run(['list'])
  rmSync(path('.cache/blobs'), { recursive: true })
  writeFileSync(path('build/list'), 'by hand')
  expect((await rig.run(['list'])).statuses).toEqual({ list: 'ran' })
  expect(read('build/list')).toBe('src/a: apple\nsrc/b: pear\n')
  rmSync(path('.cache/blobs'), { recursive: true })
  rmSync(path('build'), { recursive: true })
  expect((await rig.run(['list'])).statuses).toEqual({ list: 'ran' })
  expect(read('build/list')).toBe('src/a: apple\nsrc/b: pear\n')
})

test('nothing is touched before everything that is to be restored is at hand', async () => {
  const rig = new EngineRig()
  const path = (name: string) => join(rig.root, name)
  let found: string[] = []
  const contents = ['first', 'second', 'third']
  rig.task({
    name: 'make',
    outputs: { files: ['build/*'] },
    keepOutputs: true,
    run: async () => {
      found = existsSync(path('build'))
        ? readdirSync(path('build')).map((name) => readFileSync(path(`build/${name}`), 'utf8'))
        : []
      rig.write(Object.fromEntries(contents.map((content) => [`build/${content}`, content])))
    },
  })
  await rig.run(['make'])
  for (const content of contents) writeFileSync(path(`build/${content}`), 'by hand')
  scrambleBlob(rig.root, 'third')
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'ran' })
  expect(found).toEqual(['by hand', 'by hand', 'by hand'])
})

test('a task whose result turns out not to be restorable runs for what its inputs are by then', async () => {
  const rig = new EngineRig()
  const path = (name: string) => join(rig.root, name)
  rig.write({ in: 'one' })
  rig.task({
    name: 'copy',
    inputs: { files: ['in'] },
    outputs: { files: ['out'] },
    run: async ({ $ }) => void (await $`cp in out`),
  })
  await rig.run(['copy'])
  await settled(path('out'))
  await rig.run(['copy'])
  rmSync(path('out'))
  scrambleBlob(rig.root, 'one')

  const events: Event[] = []
  events.push = (...some) => {
    if (some.some(({ type }) => type === 'warning')) rig.write({ in: 'two' })
    return Array.prototype.push.apply(events, some)
  }
  expect((await rig.run(['copy'], {}, undefined, events)).warnings).toMatchObject([{ kind: 'cache-fault' }])
  expect(readFileSync(path('out'), 'utf8')).toBe('two')
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'up-to-date' })
  rig.write({ in: 'one' })
  expect((await rig.run(['copy'])).statuses).toEqual({ copy: 'ran' })
})

test('what was away only while a survey looked is not taken to be away for ever', async () => {
  const rig = new EngineRig()
  const path = (name: string) => join(rig.root, name)
  const task = joining(rig)
  await rig.run(['join'])
  await settled(path('out'))
  renameSync(path('in/b'), path('b'))
  task.whileDeclared = () => {
    surveyed(rig)
    renameSync(path('b'), path('in/b'))
    while (Date.now() < statSync(path('in/b')).ctimeMs + 50);
  }
  expect((await rig.run(['join'])).statuses).toEqual({ join: 'up-to-date' })
  task.whileDeclared = () => {}
  rmSync(path('in/b'))
  expect((await rig.run(['join'])).statuses).toEqual({ join: 'ran' })
})

test('what a survey saw before another run ended counts for nothing', async () => {
  const rig = new EngineRig()
  const path = (name: string) => join(rig.root, name)
  const task = joining(rig)
  await rig.run(['join'])
  await settled(path('out'))
  await rig.run(['join'])
  task.whileDeclared = () => {
    surveyed(rig)
    // As a run of another process does, which made something else and gave its lock back.
    writeFileSync(path('out'), 'by another run')
    renameSync(path('.cache/lock.last'), path('.cache/lock'))
    renameSync(path('.cache/lock'), path('.cache/lock.last'))
  }
  expect((await rig.run(['join'])).statuses).toEqual({ join: 'restored' })
})

/** `join` makes one file of all in `in`. */
function joining(rig: EngineRig) {
  const task = { whileDeclared: () => {} }
  rig.write({ 'in/a': 'one', 'in/b': 'two' })
  rig.task({
    name: 'join',
    inputs: {
      files: () => {
        task.whileDeclared()
        return ['in/*']
      },
    },
    outputs: { files: ['out'] },
    run: async ({ $ }) => void (await $`cat in/* > out`),
  })
  return task
}

/** Holds all up until the survey that has begun has ended. */
function surveyed({ root }: EngineRig): void {
  while (otherProcesses().some(({ pid, command }) => command.startsWith('find ') && isAt(pid, root)));
}

function isAt(pid: number, folder: string): boolean {
  return attempt(() => readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(folder)
}

/** Waits until a file that was just written can be known from outside. */
async function settled(path: string): Promise<void> {
  await until(() => Date.now() > statSync(path).ctimeMs + 50)
}

/** Its size stays: that it is damaged shows when it is read, not before. */
function scrambleBlob(root: string, content: string): void {
  const blobs = readdirSync(join(root, '.cache/blobs'), { recursive: true, withFileTypes: true })
  for (const entry of blobs.filter((entry) => entry.isFile())) {
    const path = join(entry.parentPath, entry.name)
    if (readFileSync(path, 'utf8') !== content) continue
    rmSync(path)
    writeFileSync(path, content.toUpperCase())
  }
}

test('a task that fails is not up to date, whatever it has made', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'make',
    outputs: { files: ['out'] },
    run: async ({ $ }) => void (await $`echo made > out; exit 1`),
  })
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'failed' })
  expect((await rig.look(['make'])).make).toMatchObject({ status: 'ran' })
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'failed' })
})

test('a task that is cancelled is not up to date, whatever it has made', async () => {
  const rig = new EngineRig()
  const abort = new AbortController()
  let cancelling = true
  rig.task({
    name: 'make',
    outputs: { files: ['out'] },
    run: async ({ $, signal }) => {
      await $`echo made > out`
      if (cancelling) abort.abort('SIGINT')
      signal.throwIfAborted()
    },
  })
  expect((await rig.run(['make'], {}, abort.signal)).statuses).toEqual({ make: 'cancelled' })
  cancelling = false
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'ran' })
})

test('an input of a task that is done, edited while another runs, is for the next run', async () => {
  const rig = new EngineRig()
  rig.write({ 'in.txt': 'one' })
  const first = rig.task({
    name: 'first',
    inputs: { files: ['in.txt'] },
    outputs: { files: ['out.txt'] },
    run: async ({ $ }) => void (await $`cp in.txt out.txt`),
  })
  let editing = true
  rig.task({
    name: 'second',
    needs: [first],
    run: async () => {
      if (editing) rig.write({ 'in.txt': 'two' })
      editing = false
    },
  })
  expect((await rig.run(['second'])).warnings).toEqual([])
  const next = await rig.run(['second'])
  expect(next.statuses).toEqual({ first: 'ran', second: 'ran' })
  expect(next.reasons.first).toEqual([expect.objectContaining({ kind: 'input-changed', path: 'in.txt' })])
  rig.write({ 'in.txt': 'one' })
  expect((await rig.run(['second'])).statuses).toEqual({ first: 'restored', second: 'up-to-date' })
})

test('an input that another task edits counts for those that come after it', async () => {
  const rig = new EngineRig()
  rig.write({ 'in.txt': 'one' })
  let content = 'one'
  const edit = rig.task({
    name: 'edit',
    always: true,
    run: async () => {
      if (content !== 'one') rig.write({ 'in.txt': content })
    },
  })
  rig.task({
    name: 'copy',
    needs: [edit],
    inputs: { files: ['in.txt'] },
    outputs: { files: ['out.txt'] },
    run: async ({ $ }) => void (await $`cp in.txt out.txt`),
  })
  await rig.run(['copy'])
  await settled(join(rig.root, 'out.txt'))
  expect((await rig.run(['copy'])).statuses).toEqual({ edit: 'ran', copy: 'up-to-date' })
  content = 'two'
  expect((await rig.run(['copy'])).statuses).toEqual({ edit: 'ran', copy: 'ran' })
})

test('--no-cache reads no result and keeps the new one: a wrong one is healed by it', async () => {
  const rig = new EngineRig()
  const output = join(rig.root, 'out.txt')
  let undeclared = 'wrong'
  rig.task({
    name: 'make',
    outputs: { files: ['out.txt'] },
    run: async () => writeFileSync(output, undeclared),
  })
  await rig.run(['make'])
  undeclared = 'right'
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'up-to-date' })
  expect((await rig.run(['make'], { noCache: true })).statuses).toEqual({ make: 'ran' })
  rmSync(output)
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'restored' })
  expect(readFileSync(output, 'utf8')).toBe('right')
})

test('a workspace that is moved is as up to date as before', async () => {
  const { rig, path } = listing(two)
  await rig.run(['count'])
  const moved = listing({})
  for (const name of ['.cache', 'src', 'build', 'tasks'])
    cpSync(path(name), moved.path(name), { recursive: true, force: true })
  expect((await moved.rig.run(['count'])).statuses).toEqual({ list: 'up-to-date', count: 'up-to-date' })
})

test('what the cache says was made is not enough: an empty folder where outputs were is none', async () => {
  const { rig, path } = listing(two)
  await rig.run(['list'])
  rmSync(path('build'), { recursive: true })
  mkdirSync(path('build/parts'), { recursive: true })
  expect((await rig.run(['list'])).statuses).toEqual({ list: 'restored' })
  expect(readdirSync(path('build/parts'))).toEqual(['a', 'b'])
})

test('a file where a folder of outputs should be is kept: looking and the run agree that nothing can be restored', async () => {
  const { rig, path, read } = listing(two)
  await rig.run(['list'])
  rmSync(path('build'), { recursive: true })
  rig.write({ build: 'mine' })
  expect((await rig.look(['list'])).list).toMatchObject({ status: 'ran' })
  const { failures, warnings } = await rig.run(['list'])
  expect(failures.list).toMatchObject({ kind: 'file-fault', path: 'build', problem: 'below-a-file' })
  expect([read('build'), warnings]).toEqual(['mine', []])
  rmSync(path('build'))
  expect((await rig.run(['list'])).statuses).toEqual({ list: 'restored' })
})

test('a file whose name cannot be read is no input that is left out: the task fails of it', async () => {
  const { rig, path } = listing(two)
  writeFileSync(Buffer.concat([Buffer.from(path('src/')), Buffer.from([0xff])]), 'x')
  const { failures } = await rig.run(['list'])
  expect(failures.list).toEqual({ kind: 'file-fault', path: 'src/\uFFFD', problem: 'name-unreadable' })
})

test('what only its owner could read stays so in the cache, and when it is restored', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'key',
    outputs: { files: ['key', 'shown', 'program'] },
    run: async ({ $ }) =>
      void (await $`umask 077; echo 1 > key; echo 2 > program
      chmod u+x program; umask 022; echo 3 > shown`),
  })
  const mode = (name: string) => statSync(join(rig.root, name)).mode & 0o777
  const modes = () => ['key', 'program', 'shown'].map(mode)
  await rig.run(['key'])
  const before = modes()
  for (const name of ['key', 'program', 'shown']) rmSync(join(rig.root, name))
  expect((await rig.run(['key'])).statuses).toEqual({ key: 'restored' })
  expect([before, modes()]).toEqual([
    [0o600, 0o700, 0o644],
    [0o600, 0o700, 0o644],
  ])
  expect(mode(`.cache/${blobPath('1\n')}`)).toBe(0o400)
})
