import { execFileSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { expect, test } from 'vitest'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Warning } from '../../../lib/model/event.ts'
import type { RunOptions } from '../../../lib/run/options.ts'
import { EngineRig } from '../../rig/engine.ts'
import { expectWholeCache } from './whole-cache.ts'

/** What can happen to a file of the cache; `next` is another one. Undefined: not to this one. */
const damages: Record<string, (path: string, next: string) => undefined | 'done'> = {
  'cut off': (path) => change(path, (content) => content.subarray(0, content.length >> 1)),
  'has a bit flipped': (path) => change(path, flipBit),
  'is empty': (path) => change(path, () => Buffer.alloc(0)),
  'is foreign JSON': (path) => change(path, () => Buffer.from('{"schema":1,"name":"foreign"}\n')),
  'is of a newer version': (path) => (path.endsWith('.json') ? change(path, ofSchema2) : undefined),
  'is what another should be': (path, next) => change(path, () => readFileSync(next)),
  'is a folder': (path) => {
    rmSync(path)
    mkdirSync(join(path, 'inside'), { recursive: true })
    return 'done'
  },
  'is a pipe': (path) => {
    rmSync(path)
    execFileSync('mkfifo', [path])
    return 'done'
  },
  'is gone': (path) => {
    rmSync(path)
    return 'done'
  },
}

for (const [damage, inflict] of Object.entries(damages))
  test(`a file of the cache that ${damage} costs a new run at most, and is told in one line`, async () => {
    const { rig, run, files } = await workspaceThatRan()
    for (const file of files) {
      rig.reset()
      if (!inflict(join(rig.root, '.cache', file), join(rig.root, 'kept', nextLike(file, files)))) continue
      rmSync(join(rig.root, 'out'), { recursive: true })

      const { failures, warnings } = await run({ noCache: readAfterRunning.includes(file) })
      expect({ file, failures: Object.values(failures).filter(Boolean) }).toEqual({ file, failures: [] })
      expect(rig.outputs()).toEqual({ 'made/a': 'one\n', 'made/b': 'two\n', all: 'one\ntwo\n' })

      const again = await run()
      expect({ file, ...again.statuses }).toEqual({ file, make: 'up-to-date', join: 'up-to-date' })
      const told = [...warnings, ...again.warnings]
      // Whichever run is the first to read it. What another version wrote stays there, and is told by both.
      const times = damage === 'is of a newer version' ? new Set(told.map(inWords)).size : told.length
      expect({ file, times }).toEqual({ file, times: isTold(file, damage) ? 1 : 0 })
      expectWholeCache(rig.root)
    }
  })

test('what looking says of tasks whose records and definition are lost comes true', async () => {
  const rig = new EngineRig()
  const names = ['a', 'b']
  for (const name of names) rig.task({ name, run: async () => {} })
  await rig.run(names)
  await rig.run(names)
  for (const lost of ['records', 'definitions.json'])
    rmSync(join(rig.root, '.cache', lost), { recursive: true })
  const looked = await rig.look(names)
  const { statuses } = await rig.run(names, { jobs: 1 })
  expect(statuses).toEqual({ a: looked.a!.status, b: looked.b!.status })
})

test('looking at a damaged cache tells it, and leaves it as it is', async () => {
  const { rig, files } = await workspaceThatRan()
  for (const file of files.filter((name) => name.endsWith('.json') && !readAfterRunning.includes(name))) {
    rig.reset()
    // At a glance, no other file would be read.
    rmSync(join(rig.root, '.cache/glances'), { recursive: true, force: true })
    rig.write({ [`.cache/${file}`]: 'foreign' })
    await rig.look(['join'])
    expect(rig.lookedWarnings.splice(0)).toMatchObject([{ kind: 'cache-fault' }])
    expect(readFileSync(join(rig.root, '.cache', file), 'utf8')).toBe('foreign')
  }
})

test('a run whose task deletes the whole cache ends well, and so does the next', async () => {
  const rig = new EngineRig()
  const first = rig.task({
    name: 'first',
    outputs: { files: ['out/first'] },
    run: async ({ root }) => writeFileSync(join(root, 'out/first'), 'first'),
  })
  let deletes = true
  rig.task({
    name: 'second',
    needs: [first],
    outputs: { files: ['out/second'] },
    run: async ({ root, log }) => {
      log('before')
      if (deletes) rmSync(join(root, '.cache'), { recursive: true })
      log('after')
      writeFileSync(join(root, 'out/second'), 'second')
    },
  })
  const { end, statuses } = await rig.run(['second'])
  expect([end.exitCode, statuses]).toEqual([0, { first: 'ran', second: 'ran' }])
  expectWholeCache(rig.root)
  deletes = false
  expect((await rig.run(['second'])).end.exitCode).toBe(0)
  expect((await rig.run(['second'])).statuses).toEqual({ first: 'up-to-date', second: 'up-to-date' })
  expectWholeCache(rig.root)
})

/** Only where something ran may the cache have grown, and may other files be of interest. */
const readAfterRunning = ['size.json', 'survey.json']

const inWords = (warning: Warning) => JSON.stringify(warning)

/** The next file of the same kind. */
function nextLike(file: string, files: string[]): string {
  const like = (other: string) =>
    extname(other) === extname(file) && other.split('/')[0]!.startsWith(file.split('/')[0]!.slice(0, 1))
  const alike = files.filter(like)
  return alike[(alike.indexOf(file) + 1) % alike.length]!
}

/** What is gone is as if it had never been. A log is only ever written anew; that the memories of files and of
 *  definitions, or the names of two records, are each other's makes them empty, not wrong. */
function isTold(file: string, damage: string): boolean {
  if (damage === 'is gone') return false
  if (damage === 'is what another should be') return /^blobs|records.*json$/.test(file)
  return !file.startsWith('logs/') || damage === 'is a folder'
}

/** A workspace of two tasks that ran, its cache's files, and a way back to that state. */
async function workspaceThatRan() {
  const rig = new ResettingRig()
  rig.write({ 'in.txt': 'one\n' })
  const make = rig.task({
    name: 'make',
    inputs: { files: ['in.txt'] },
    outputs: { files: ['out/made'] },
    run: async ({ root, log }) => {
      log('making')
      mkdirSync(join(root, 'out/made'))
      writeFileSync(join(root, 'out/made/a'), readFileSync(join(root, 'in.txt')))
      writeFileSync(join(root, 'out/made/b'), 'two\n')
    },
  })
  rig.task({
    name: 'join',
    needs: [make],
    outputs: { files: ['out/all'] },
    run: async ({ root, log, outputs }) => {
      log('joining')
      writeFileSync(
        join(root, 'out/all'),
        outputs(make)
          .map((path) => readFileSync(join(root, path)))
          .join(''),
      )
    },
  })
  const run = (options: Partial<RunOptions> = {}) => rig.run(['join'], options)
  await run()
  // The second run finds the outputs settled, so that their digests are remembered.
  await run()
  return { rig, run, files: rig.keep() }
}

class ResettingRig extends EngineRig {
  keep(): string[] {
    cpSync(join(this.root, '.cache'), join(this.root, 'kept'), { recursive: true, preserveTimestamps: true })
    return readdirSync(join(this.root, 'kept'), { recursive: true })
      .map(String)
      .filter((path) => lstatSync(join(this.root, 'kept', path)).isFile())
      .sort()
  }

  reset(): void {
    rmSync(join(this.root, '.cache'), { recursive: true, force: true })
    cpSync(join(this.root, 'kept'), join(this.root, '.cache'), { recursive: true, preserveTimestamps: true })
  }

  outputs(): Record<string, string> {
    const folder = join(this.root, 'out')
    const paths = readdirSync(folder, { recursive: true }).map(String)
    const files = paths.filter((path) => lstatSync(join(folder, path)).isFile())
    return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
  }
}

function change(path: string, by: (content: Buffer) => Buffer): 'done' {
  const content = by(readFileSync(path))
  rmSync(path)
  writeFileSync(path, content)
  return 'done'
}

/** In a digit or letter of the middle, which stays no digit and no letter. */
function flipBit(content: Buffer): Buffer {
  const flipped = Buffer.from(content)
  flipped[content.length >> 1]! ^= 0x10
  return flipped
}

function ofSchema2(sealed: Buffer): Buffer {
  const content = JSON.stringify({ ...JSON.parse(sealed.toString().split('\n')[0]!), schema: 2 })
  return Buffer.from(`${content}\n"${digestOf(content)}"\n`)
}
