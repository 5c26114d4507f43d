import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitArguments } from '../../../lib/cli/arguments.ts'
import { allCommands } from '../../../lib/cli/commands.ts'
import { commonOptions, roleOptions } from '../../../lib/cli/common-options.ts'
import { understand } from '../../../lib/cli/request.ts'
import { UsageError } from '../../../lib/model/problem.ts'
import { explain } from '../../../lib/report/words/explained.ts'
import { problemInWords } from '../../../lib/report/words/problem.ts'

const shared = { ...commonOptions, ...roleOptions({ master: 'one', slaves: 'many' }) }

async function read(line: string) {
  const request = await understand(line.split(' ').filter(Boolean), shared, ['start'])
  if (request.help) throw new Error('help was asked for')
  return request
}

async function refusal(args: string[]): Promise<string> {
  try {
    await understand(args, shared, ['start'])
  } catch (error) {
    if (error instanceof UsageError) return explain(problemInWords(error.problem))
    throw error
  }
  return 'not refused'
}

test('options may stand before the command, between and after its targets', async () => {
  const { command, words, values } = await read('--keep-going run start --jobs 3 stop --limit a,b --limit=c')
  expect([command.name, words]).toEqual(['run', ['start', 'stop']])
  expect(values).toMatchObject({ 'keep-going': true, jobs: 3, limit: ['a', 'b', 'c'], quiet: false })
})

test('flags swallow no target, and hosts are read by role', async () => {
  const { words, values } = await read('run --dry-run true --no-cache start --master admin@h:22 --slaves a,b')
  expect(words).toEqual(['true', 'start'])
  expect(values).toMatchObject({ 'no-cache': true, master: ['admin@h:22'], slaves: ['a', 'b'] })
})

test('what is not given has its default', async () => {
  const { values } = await read('run start')
  expect(values).toMatchObject({
    verify: 'fast',
    jobs: undefined,
    limit: [],
    cluster: undefined,
    color: 'auto',
  })
})

test('after -- everything is a target', async () => {
  expect((await read('run -- --quiet 007')).words).toEqual(['--quiet', '007'])
})

test('a command line without options is split as the parser would', async () => {
  const words = fc.array(fc.string().filter((word) => !word.startsWith('-')))
  await fc.assert(
    fc.asyncProperty(words, async (args) => {
      expect(await splitArguments(args, shared)).toEqual(await splitArguments([...args, '--'], shared))
    }),
  )
})

test.each([
  ['run start --jobs abc', '`--jobs` must be a whole number from 1, not `abc`.'],
  ['run start --jobs 0', '`--jobs` must be a whole number from 1, not `0`.'],
  ['run start --jobs -3', '`--jobs` must be a whole number from 1, not `-3`.'],
  ['run start --jobs 1e9', '`--jobs` must be a whole number from 1, not `1e9`.'],
  ['run start --jobs 1 --jobs 2', '`--jobs` was given 2 times.'],
  ['run start --jobs', '`--jobs` needs a value.'],
  ['run start --cluster --quiet', '`--cluster` needs a value.'],
  ['run start --limit=', '`--limit` needs a value.'],
  ['run start --limit a,,b', '`--limit` has an empty item.'],
  ['run start --quiet=maybe', '`--quiet` takes no value.'],
  ['run start --no-quiet', '`--no-quiet` is not an option here.'],
  ['run start --no-jobs', '`--no-jobs` is not an option here.'],
  ['run start --keepgoing', '`--keepgoing` is not an option here. Did you mean `--keep-going`?'],
  ['run start -j', '`-j` is not an option here.'],
  ['run start --verify slow', '`--verify` must be fast, full; it is `slow`.'],
  ['graph --format jsno', '`--format` must be text, dot, mermaid, json; it is `jsno`. Did you mean `json`?'],
  ['list --jobs 3', '`--jobs` is not an option here.'],
  ['list --__proto__ x', 'is not an option here.'],
  ['list --constructor', '`--constructor` is not an option here.'],
  ['toString', 'There is no command `toString`.'],
])('%s is refused: %s', async (line, words) => {
  expect(await refusal(line.split(' '))).toContain(words)
})

test('whatever is written is understood or refused in words, never a crash', async () => {
  const known = (await allCommands()).flatMap(({ name, options }) => [
    name,
    ...Object.keys(options).map((option) => `--${option}`),
  ])
  const word = fc.oneof(
    fc.constantFrom(...known, '--cluster', '--color', '--', '-', '--=', '', '__proto__', '--__proto__.x'),
    fc.string(),
    fc.string().map((text) => `--${text}`),
    fc.tuple(fc.constantFrom(...known), fc.string()).map(([name, value]) => `${name}=${value}`),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (args) => {
      expect(await refusal(args)).toMatch(/\w/)
    }),
    { numRuns: 3000 },
  )
})
