import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { only } from '../../../lib/model/define-task.ts'
import { UsageError } from '../../../lib/model/problem.ts'
import type { Task, TaskOptions } from '../../../lib/model/task.ts'
import { explain } from '../../../lib/report/words/explained.ts'
import { problemInWords } from '../../../lib/report/words/problem.ts'
import { EngineRig } from '../../rig/engine.ts'
import { MadeUpHost } from './made-up-host.ts'

type Options = Partial<TaskOptions<any>>

const outputs = (...files: string[]): Options => ({ outputs: { files } })
const inputs = (...files: string[]): Options => ({ inputs: { files } })

/** Tasks `a`, `b`, … as declared; what is said when the first one is looked at, with `src/a` and `src/b` there. */
async function refusal(...declared: Options[]): Promise<string> {
  const rig = new EngineRig()
  const { fleet } = new MadeUpHost()
  rig.fleet = fleet
  rig.write({ 'src/a': '', 'src/b': '', 'build/a': '' })
  for (const [index, options] of declared.entries())
    rig.task({ name: 'abc'[index]!, run: async () => {}, ...options })
  try {
    await rig.look(['a'])
  } catch (error) {
    if (error instanceof UsageError) return explain(problemInWords(error.problem)).replaceAll(rig.root, '')
    throw error
  }
  return 'fine'
}

test.each<[string, Options, Options]>([
  ['the very file', outputs('build/x'), outputs('build/x')],
  ['the same place in other letters', outputs('./build//x'), outputs('build/./x/')],
  ['a folder above', outputs('build'), outputs('build/deep/x')],
  ['a folder below', outputs('build/deep/x'), outputs('build')],
  ['globs that may meet', outputs('build/*.o'), outputs('build/a*')],
  ['one of several alternatives', outputs('build/{a,b}/x'), outputs('build/b/*')],
  ['a file that is brought home', { on: 'master', collect: { files: ['/opt/x'] } }, outputs('dist/x')],
  ['a file of one host', { on: 'master', ...outputs('/opt/x') }, { on: 'master', ...outputs('/opt/**') }],
])('two tasks must not make %s', async (_, a, b) => {
  expect(await refusal(a, b)).toMatch(/^The outputs of `.+` and `.+` can overlap: `.+`, `.+`\./)
})

test.each<[string, Options, Options]>([
  ['siblings', outputs('build/a'), outputs('build/ab')],
  ['other endings', outputs('build/*.o'), outputs('build/*.d')],
  ['other alternatives', outputs('build/{a,b}.o'), outputs('build/c.o')],
  ['the same path here and on a host', { on: 'master', ...outputs('/build/x') }, outputs('build/x')],
])('two tasks may make %s', async (_, a, b) => {
  expect(await refusal(a, b)).toBe('fine')
})

test('an input that another task makes must be needed, whether that task is asked for or not', async () => {
  const words =
    'Task `a` reads `build/a`, which `b` makes, but does not need that task.\nAdd `b` to the needs of `a`.'
  expect(await refusal(inputs('build/a'), outputs('build/a'))).toBe(words)
  expect(await refusal(inputs('build/a'), outputs('build'))).toBe(words)
  expect(await refusal(inputs('build/a'), outputs('build/*'))).toBe(words)
  expect(await refusal(inputs('build/a'), outputs('build/*', '!build/a'))).toBe('fine')
})

test('a folder in which another task makes something must be needed, too', async () => {
  const refused = (path: string) =>
    `Task \`a\` reads \`${path}\`, which \`b\` makes, but does not need that task.\nAdd \`b\` to the needs of \`a\`.`
  for (const path of ['build/x', 'build/deep/x', 'build/deep/*.o', 'b*/x'])
    expect(await refusal(inputs('build'), outputs(path))).toBe(refused(path))
  expect(await refusal(inputs('gone'), outputs('gone/x'))).toBe(refused('gone/x'))
  expect(await refusal(inputs('gone/deep'), outputs('gone/*/x'))).toMatch(/`gone\/deep` does not exist/)
})

test.each([
  [['build', '!build/x'], ['build/x']],
  [
    ['build', '!build/deep'],
    ['build/deep/x', 'build/deep/*.o'],
  ],
  [
    ['build', '!build/*.o'],
    ['build/*.o', 'build/x.o'],
  ],
  [['build/**'], ['build/x']],
  [['src/a'], ['src/**/*.o']],
  [['src'], ['build/x', 'src-more/x']],
  [['.'], ['build/x']],
])('%j may be read without a need where another task makes %j', async (reads, makes) => {
  expect(await refusal(inputs(...reads), outputs(...makes))).toBe('fine')
})

test('so must one that is brought home from a host', async () => {
  expect(await refusal(inputs('dist/x'), { on: 'master', collect: { files: ['/opt/x'] } })).toMatch(
    /^Task `a` reads `dist\/x`, which `b` makes/,
  )
})

test.each([
  ['src/a', 'src/a'],
  ['src/a', 'src'],
  ['src/a', 'src/*'],
  ['src', 'src'],
  ['./src//a', 'src/**'],
])('a task that reads %s must not make %s: it would be removed first', async (input, output) => {
  expect(await refusal({ ...inputs(input), ...outputs(output) })).toMatch(
    /^Task `a` \(.*\): `inputs\.files` holds `src.*`, which is among its own outputs/,
  )
})

test.each([
  ['src', 'src/c'],
  ['src/**', 'src/*.o'],
])('a task that reads %s may make %s: outputs are no inputs', async (input, output) => {
  expect(await refusal({ ...inputs(input), ...outputs(output) })).toBe('fine')
})

test.each(['tasks', 'tasks/*', '**/*.ts'])('outputs %s hold a program, and are refused', async (output) => {
  expect(await refusal(outputs(output))).toMatch(
    /^Task `a` \(\/tasks\/code\.ts\): `outputs\.files` mean `tasks\/code\.ts`, in which a task is written/,
  )
})

test('an input that does not exist is refused by name, a glob that finds nothing is not', async () => {
  expect(await refusal(inputs('src/nothing'))).toMatch(
    /^Task `a` .*: its input `src\/nothing` does not exist/,
  )
  expect(await refusal(inputs('src/nothing*'))).toBe('fine')
})

/** `first` copies `in` to build/first; `second` needs it, and always makes the same. */
function chain() {
  const rig = new EngineRig()
  rig.write({ in: '1', other: '1' })
  const first = rig.task({
    name: 'first',
    ...inputs('in', 'other'),
    ...outputs('build/first', 'build/other'),
    run: async ({ $ }) => void (await $`cp in build/first; cp other build/other`),
  })
  const second = rig.task({
    name: 'second',
    needs: [first],
    ...outputs('build/second'),
    run: async ({ $ }) => void (await $`echo same > build/second`),
  })
  const third = (options: Options): Task =>
    rig.task({
      name: 'third',
      ...outputs('third'),
      run: async ({ $ }) => void (await $`cp build/first third`),
      ...options,
    })
  return { rig, first, second, third, made: () => readFileSync(join(rig.root, 'third'), 'utf8') }
}

test('an input that is made by a task needed at a remove is part of the key', async () => {
  const { rig, second, third, made } = chain()
  third({ needs: [second], ...inputs('build/first') })
  await rig.run(['third'])
  rig.write({ in: '2' })
  const { statuses, reasons } = await rig.run(['third'])
  expect(statuses).toEqual({ first: 'ran', second: 'ran', third: 'ran' })
  expect(reasons.third).toEqual([{ kind: 'need-changed', task: 'first', path: 'build/first' }])
  expect(made()).toBe('2')
  rig.write({ other: '2' })
  expect((await rig.run(['third'])).statuses).toEqual({ first: 'ran', second: 'ran', third: 'up-to-date' })
})

test('an input that is made by a task needed for other files is part of the key, too', async () => {
  const { rig, first, third, made } = chain()
  third({ needs: [only(first, 'build/other')], ...inputs('build/first') })
  await rig.run(['third'])
  rig.write({ in: '2' })
  expect((await rig.run(['third'])).statuses).toEqual({ first: 'ran', third: 'ran' })
  expect(made()).toBe('2')
})

/** `list` writes down what is in the folder `build`, where `first` makes two of the files. */
function listing(...files: string[]) {
  const { rig, first, second } = chain()
  rig.task({
    name: 'list',
    needs: [second],
    ...inputs(...files),
    ...outputs('list'),
    run: async ({ $ }) => void (await $`ls build > list; cat build/first build/mine >> list || true`),
  })
  return { rig, first, list: () => readFileSync(join(rig.root, 'list'), 'utf8') }
}

test('a folder that is read counts with what needed tasks make in it, and with its other files', async () => {
  const { rig, list } = listing('build')
  expect((await rig.run(['list'])).statuses).toEqual({ first: 'ran', second: 'ran', list: 'ran' })
  expect((await rig.run(['list'])).statuses.list).toBe('up-to-date')
  rig.write({ in: '2' })
  expect((await rig.run(['list'])).reasons.list).toEqual([
    { kind: 'need-changed', task: 'first', path: 'build/first' },
  ])
  rig.write({ 'build/mine': 'mine' })
  expect((await rig.run(['list'])).reasons.list).toEqual([{ kind: 'input-added', path: 'build/mine' }])
  expect(list()).toBe('first\nmine\nother\nsecond\n2mine')
})

test('what is excluded from a folder counts no more for being made', async () => {
  const { rig } = listing('build', '!build/other')
  await rig.run(['list'])
  rig.write({ other: '2' })
  expect((await rig.run(['list'])).statuses).toMatchObject({ first: 'ran', list: 'up-to-date' })
})
