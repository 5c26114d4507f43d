import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Parts } from '../../../lib/cache/parts.ts'
import { lookOf } from '../../../lib/inputs/looks.ts'
import { EngineRig } from '../../rig/engine.ts'
import { until } from '../../rig/until.ts'

/** `generate` turns in.txt into gen.txt without comments; `compile` turns that into out.txt. */
function twoSteps() {
  const rig = new EngineRig()
  rig.write({ 'in.txt': 'one\n# comment\n' })
  const generate = rig.task({
    name: 'generate',
    inputs: { files: ['in.txt'] },
    outputs: { files: ['build/gen.txt'] },
    run: async ({ $ }) => void (await $`grep -v '^#' in.txt > build/gen.txt`),
  })
  rig.task({
    name: 'compile',
    needs: [generate],
    outputs: { files: ['build/out.txt'] },
    run: async ({ $, outputs }) => void (await $`tr a-z A-Z < ${outputs(generate)} > build/out.txt`),
  })
  const read = (path: string) => readFileSync(join(rig.root, path), 'utf8')
  return { rig, read }
}

test('the first run runs everything, the second nothing', async () => {
  const { rig, read } = twoSteps()
  const first = await rig.run(['compile'])
  expect(first.statuses).toEqual({ generate: 'ran', compile: 'ran' })
  expect(first.reasons.compile).toEqual([{ kind: 'never-ran' }])
  expect(read('build/out.txt')).toBe('ONE\n')
  const second = await rig.run(['compile'])
  expect(second.statuses).toEqual({ generate: 'up-to-date', compile: 'up-to-date' })
})

test('a touched input changes nothing', async () => {
  const { rig } = twoSteps()
  await rig.run(['compile'])
  utimesSync(join(rig.root, 'in.txt'), 1, 1)
  expect((await rig.run(['compile'])).statuses).toEqual({ generate: 'up-to-date', compile: 'up-to-date' })
})

test('that an input was merely touched hides no other change', async () => {
  const { rig } = twoSteps()
  rig.write({ other: 'other' })
  rig.task({ name: 'a', inputs: { files: ['in.txt', 'other'], env: ['A_WORD'] }, run: async () => {} })
  const touch = (time: number) => {
    for (const path of ['in.txt', 'other']) utimesSync(join(rig.root, path), time, time)
  }
  touch(1)
  await until(async () => (await rig.run(['a'])).statuses.a === 'up-to-date')
  touch(2)
  chmodSync(join(rig.root, 'other'), 0o755)
  expect((await rig.run(['a'])).reasons.a).toMatchObject([{ kind: 'input-changed', path: 'other' }])
  touch(3)
  vi.stubEnv('A_WORD', 'word')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect((await rig.run(['a'])).reasons.a).toMatchObject([{ kind: 'env-changed', name: 'A_WORD' }])
})

test('a task that made the same bytes leaves what depends on it up to date', async () => {
  const { rig } = twoSteps()
  await rig.run(['compile'])
  rig.write({ 'in.txt': 'one\n# another comment\n' })
  const run = await rig.run(['compile'])
  expect(run.statuses).toEqual({ generate: 'ran', compile: 'up-to-date' })
  expect(run.reasons.generate).toEqual([{ kind: 'input-changed', path: 'in.txt' }])
})

test('an edit runs what it reaches, a reverted edit restores it', async () => {
  const { rig, read } = twoSteps()
  await rig.run(['compile'])
  rig.write({ 'in.txt': 'two\n' })
  const edited = await rig.run(['compile'])
  expect(edited.statuses).toEqual({ generate: 'ran', compile: 'ran' })
  expect(edited.reasons.compile).toEqual([{ kind: 'need-changed', task: 'generate', path: 'build/gen.txt' }])
  rig.write({ 'in.txt': 'one\n# comment\n' })
  const reverted = await rig.run(['compile'])
  expect(reverted.statuses).toEqual({ generate: 'restored', compile: 'restored' })
  expect(reverted.reasons.generate).toEqual([{ kind: 'input-changed', path: 'in.txt' }])
  expect(read('build/out.txt')).toBe('ONE\n')
})

test('deleted outputs are restored without running', async () => {
  const { rig, read } = twoSteps()
  await rig.run(['compile'])
  rmSync(join(rig.root, 'build'), { recursive: true })
  const run = await rig.run(['compile'])
  expect(run.statuses).toEqual({ generate: 'restored', compile: 'restored' })
  expect(run.reasons.compile).toEqual([{ kind: 'output-missing', path: 'build/out.txt' }])
  expect(read('build/out.txt')).toBe('ONE\n')
})

test('an output edited by hand is put right, by name and with a warning', async () => {
  const { rig, read } = twoSteps()
  await rig.run(['compile'])
  rig.write({ 'build/out.txt': 'HAND\n' })
  const run = await rig.run(['compile'])
  expect(run.statuses).toEqual({ generate: 'up-to-date', compile: 'restored' })
  expect(run.warnings).toEqual([{ kind: 'output-edited', task: 'compile', path: 'build/out.txt' }])
  expect(read('build/out.txt')).toBe('ONE\n')
})

test('no edit is said to be put right where that fails', async () => {
  const rig = new EngineRig()
  let isBroken = false
  rig.task({
    name: 'make',
    outputs: { files: ['out'] },
    run: async ({ $ }) => void (await $`echo made > out; ! ${isBroken}`),
  })
  await rig.run(['make'])
  rig.write({ out: 'by hand' })
  rmSync(join(rig.root, '.cache/blobs'), { recursive: true })
  isBroken = true
  const { statuses, warnings } = await rig.run(['make'])
  expect(statuses).toEqual({ make: 'failed' })
  expect(warnings).toEqual([])
})

test('restoring removes files that the task did not make', async () => {
  const rig = new EngineRig()
  rig.task({
    name: 'make',
    outputs: { files: ['build/*.txt'] },
    run: async ({ $ }) => void (await $`mkdir -p build; echo a > build/a.txt`),
  })
  await rig.run(['make'])
  rig.write({ 'build/extra.txt': 'x' })
  const { statuses, reasons, warnings } = await rig.run(['make'])
  expect(statuses).toEqual({ make: 'restored' })
  expect(reasons.make).toEqual([{ kind: 'output-changed', path: 'build/extra.txt', extra: true }])
  expect(warnings).toEqual([{ kind: 'output-edited', task: 'make', path: 'build/extra.txt', extra: true }])
  expect(existsSync(join(rig.root, 'build/extra.txt'))).toBe(false)
})

test('a task starts without its old outputs', async () => {
  const rig = new EngineRig()
  rig.write({ 'names.txt': 'a b' })
  rig.task({
    name: 'make',
    inputs: { files: ['names.txt'] },
    outputs: { files: ['build/*.txt'] },
    run: async ({ $ }) =>
      void (await $`mkdir -p build; for name in $(cat names.txt); do echo x > build/$name.txt; done`),
  })
  await rig.run(['make'])
  rig.write({ 'names.txt': 'a' })
  await rig.run(['make'])
  expect(existsSync(join(rig.root, 'build/b.txt'))).toBe(false)
})

test('a damaged blob is a miss that is said, and the task runs', async () => {
  const { rig, read } = twoSteps()
  await rig.run(['compile'])
  const blobs = join(rig.root, '.cache/blobs')
  const { readdirSync, chmodSync } = await import('node:fs')
  for (const entry of readdirSync(blobs, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, 0o644)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/./, 'Z'))
  }
  rmSync(join(rig.root, 'build'), { recursive: true })
  const run = await rig.run(['compile'])
  expect(run.statuses).toEqual({ generate: 'ran', compile: 'ran' })
  expect(run.warnings.map(({ kind }) => kind)).toContain('cache-fault')
  expect(read('build/out.txt')).toBe('ONE\n')
})

test('--no-cache runs everything, --rebuild one task', async () => {
  const { rig } = twoSteps()
  await rig.run(['compile'])
  expect((await rig.run(['compile'], { noCache: true })).statuses).toEqual({
    generate: 'ran',
    compile: 'ran',
  })
  expect((await rig.run(['compile'], { rebuild: ['compile'] })).statuses).toEqual({
    generate: 'up-to-date',
    compile: 'ran',
  })
})

test('a value, a variable and an input that is there or not are part of the key', async () => {
  const rig = new EngineRig()
  rig.write({ 'src/a.txt': 'a' })
  let level = 1
  rig.task({
    name: 'make',
    inputs: { files: ['src/**'], values: () => ({ level }), env: ['RIG_FLAVOUR'] },
    run: async () => {},
  })
  await rig.run(['make'])
  level = 2
  expect((await rig.run(['make'])).reasons.make).toEqual([
    { kind: 'value-changed', name: 'level', before: '1', after: '2' },
  ])
  process.env.RIG_FLAVOUR = 'sweet'
  expect((await rig.run(['make'])).reasons.make).toMatchObject([{ kind: 'env-changed', name: 'RIG_FLAVOUR' }])
  rig.write({ 'src/b.txt': 'b' })
  expect((await rig.run(['make'])).reasons.make).toEqual([{ kind: 'input-added', path: 'src/b.txt' }])
  rmSync(join(rig.root, 'src/b.txt'))
  delete process.env.RIG_FLAVOUR
  expect((await rig.run(['make'])).statuses).toEqual({ make: 'up-to-date' })
})

test('what a task does is part of its key; comments, formatting and other task files are not', async () => {
  const rig = new EngineRig()
  const code = (body: string) => ({ 'tasks/a.ts': body })
  rig.write({
    ...code("import { b } from './b.ts'\nexport const a = () => b + 1 // one\n"),
    'tasks/b.ts': 'export const b = 1\n',
  })
  rig.task({ name: 'a', module: 'tasks/a.ts', run: async () => {} })
  rig.task({ name: 'b', module: 'tasks/b.ts', run: async () => {} })
  await rig.run(['a', 'b'])
  rig.write(code("import { b } from './b.ts'\n\n/* two */ export const a = () =>\n  b + 1\n"))
  expect((await rig.run(['a', 'b'])).statuses).toEqual({ a: 'up-to-date', b: 'up-to-date' })
  rig.write({ 'tasks/b.ts': 'export const b = 2\n' })
  expect((await rig.run(['a', 'b'])).statuses).toEqual({ a: 'up-to-date', b: 'ran' })
  rig.write(code("import { b } from './b.ts'\nexport const a = () => b + 2\n"))
  const run = await rig.run(['a', 'b'])
  expect(run.statuses).toEqual({ a: 'ran', b: 'up-to-date' })
  expect(run.reasons.a).toEqual([{ kind: 'definition-changed' }])
})

test('a helper that is imported by its URL is part of what a task does', async () => {
  const rig = new EngineRig()
  rig.write({
    'tasks/a.ts': `import { word } from '${pathToFileURL(join(rig.root, 'helper.ts'))}'\nexport const a = () => word\n`,
    'helper.ts': `export const word = 'old'\n`,
  })
  rig.task({ name: 'a', module: 'tasks/a.ts', run: async () => {} })
  await rig.run(['a'])
  rig.write({ 'helper.ts': `export const word = 'new'\n` })
  expect((await rig.run(['a'])).reasons.a).toEqual([{ kind: 'definition-changed' }])
})

test('a linked helper is what the link leads to', async () => {
  const rig = new EngineRig()
  rig.write({
    'tasks/a.ts': "import { word } from './word.ts'\nexport const a = () => word\n",
    'one.ts': "export const word = 'one'\n",
    'two.ts': "export const word = 'two'\n",
  })
  const lead = (to: string) => {
    rmSync(join(rig.root, 'tasks/word.ts'), { force: true })
    symlinkSync(to, join(rig.root, 'tasks/word.ts'))
  }
  lead('../one.ts')
  rig.task({ name: 'a', module: 'tasks/a.ts', run: async () => {} })
  await rig.run(['a'])
  expect((await rig.run(['a'])).statuses).toEqual({ a: 'up-to-date' })
  lead('../two.ts')
  expect((await rig.run(['a'])).statuses).toEqual({ a: 'ran' })
})

test('another version of a package, installed nearer to the task, changes the definition', async () => {
  const rig = new EngineRig()
  rig.write({
    'tasks/a.ts': `import { word } from 'words'\nexport const a = () => word\n`,
    'node_modules/words/package.json': '{"version":"1.0.0"}',
  })
  rig.task({ name: 'a', module: 'tasks/a.ts', run: async () => {} })
  await rig.run(['a'])
  rig.write({ 'tasks/node_modules/words/package.json': '{"version":"2.0.0"}' })
  expect((await rig.run(['a'])).reasons.a).toEqual([{ kind: 'definition-changed' }])
})

test.each([
  ['./helper', 'tasks/helper/index.ts', 'tasks/helper.ts'],
  ['./helper', 'tasks/helper.js', 'tasks/helper.ts'],
  ['./helper.js', 'tasks/helper.ts', 'tasks/helper.js'],
  ['./helper', 'tasks/helper/index.ts', 'tasks/helper/package.json'],
])(
  'a new file that takes the place of what %s means changes the definition: %s, then %s',
  async (specifier, before, after) => {
    const rig = new EngineRig()
    rig.write({
      'tasks/a.ts': `import { word } from '${specifier}'\nexport const a = () => word\n`,
      'tasks/helper/other.js': `export const word = 'new'\n`,
      [before]: `export const word = 'old'\n`,
    })
    rig.task({ name: 'a', module: 'tasks/a.ts', run: async () => {} })
    expect((await rig.run(['a'])).warnings).toEqual([])
    expect((await rig.run(['a'])).statuses).toEqual({ a: 'up-to-date' })
    rig.write({ [after]: after.endsWith('.json') ? '{"main":"./other.js"}' : `export const word = 'new'\n` })
    expect((await rig.run(['a'])).reasons.a).toEqual([{ kind: 'definition-changed' }])
  },
)

test('a file that takes the place of an imported one while a task runs belongs to no result', async () => {
  const rig = new EngineRig()
  rig.write({
    'tasks/a.ts': `import { word } from './helper'\nexport const a = () => word\n`,
    'tasks/helper/index.ts': `export const word = 'old'\n`,
  })
  rig.task({
    name: 'a',
    module: 'tasks/a.ts',
    run: async () => rig.write({ 'tasks/helper.ts': `export const word = 'new'\n` }),
  })
  expect((await rig.run(['a'])).warnings).toEqual([
    { kind: 'input-changed-while-running', task: 'a', path: 'tasks/helper.ts' },
  ])
})

test('--verify full reads every file, whatever is remembered of it', async () => {
  const { rig, read } = twoSteps()
  await rig.run(['compile'])
  const memory = () => new Parts(join(rig.root, '.cache/digests'), rig.root, () => {})
  await until(async () => {
    await rig.run(['compile'])
    return memory().get('build')?.includes('out.txt/')
  })
  rig.write({ 'build/out.txt': 'BAD\n' })
  const look = lookOf(lstatSync(join(rig.root, 'build/out.txt')))
  const build = memory().get('build')!
  memory().save([['build', build.replace(/out\.txt(\/[\d.]+){4}/, `out.txt/${look}`)]])
  expect((await rig.run(['compile'])).statuses.compile).toBe('up-to-date')
  expect((await rig.run(['compile'], { verify: 'full' })).statuses.compile).toBe('restored')
  expect(read('build/out.txt')).toBe('ONE\n')
})
