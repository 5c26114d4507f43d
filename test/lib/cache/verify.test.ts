import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { digestOf } from '../../../lib/model/digest.ts'
import { blobPath, FilledCache } from './filled-cache.ts'
import { findings } from './findings.ts'

const sha1OfHi = 'c22b5f9178342609428d6f51b2c5af4c0bde6a42'

/** A cache of some sorts of files, nothing wrong with any. */
function wholeCache() {
  const it = new FilledCache()
  const record = it.record('make', ['made', 'twice made'])
  it.record('join', ['joined'])
  it.file('logs/make.log', 'printed')
  it.file('tmp/part', 'half-writ')
  const download = it.file(`downloads/${digestOf('hi')}/hi.txt`, 'hi')
  const weak = it.file(`downloads/sha1-${sha1OfHi}/hi.txt`, 'hi')
  const memory = it.file('definitions.json', sealed({ schema: 1, files: {} }))
  const problems = async () =>
    (await findings(it.layout)).map(({ path, ...rest }) => ({ ...rest, at: path.slice(it.root.length + 8) }))
  return { it, record, download, weak, memory, problems }
}

test('nothing is wrong with a whole cache, nor with none', async () => {
  const { it, problems } = wholeCache()
  const files = it.files()
  expect(await problems()).toEqual([])
  expect(it.files()).toEqual(files)
  expect(await findings(new FilledCache().layout)).toEqual([])
})

test.each<[string, (cache: ReturnType<typeof wholeCache>) => string, object]>([
  [
    'a record that was cut off',
    ({ it, record }) => cutOff(it, record),
    { problem: 'it is cut off or scrambled' },
  ],
  ['an empty record', ({ it, record }) => it.file(record, ''), { problem: 'it is empty' }],
  ['a record under the name of another', copiedRecord, { problem: 'it is the record of something else' }],
  ['a folder in the place of a record', folderForRecord, { problem: expect.stringMatching(/^EISDIR/) }],
  [
    'a latest record that is none',
    ({ it }) => it.file('records/make/latest', 'me'),
    { problem: 'it names no record' },
  ],
  [
    'a scrambled memory',
    ({ it, memory }) => it.file(memory, '{}'),
    { problem: 'it is cut off or scrambled' },
  ],
  ['a wrong download', ({ it, download }) => it.file(download, 'ho'), { problem: wrongDownload() }],
  [
    'a wrong download that is known by SHA-1',
    ({ it, weak }) => it.file(weak, 'ho'),
    { problem: wrongDownload() },
  ],
])('%s is found and removed', async (_, damage, finding) => {
  const cache = wholeCache()
  const at = damage(cache)
  expect(await cache.problems()).toEqual([{ kind: 'damaged', at, ...finding }])
  expect(cache.it.has(at)).toBe(false)
  expect(await cache.problems()).toEqual([])
})

test('a wrong content is removed, and so is the record that needs it', async () => {
  const { it, record, problems } = wholeCache()
  const at = it.file(blobPath('made'), 'mode')
  expect(await problems()).toEqual([
    { kind: 'damaged', at, problem: 'its content is not what its name says' },
    { kind: 'contents-missing', at: record, instance: 'make', missing: 1 },
  ])
  expect(await problems()).toEqual([])
  expect([it.hasContent('twice made'), it.hasContent('joined')]).toEqual([true, true])
})

test('contents that another machine has of a task on a host are not missing', async () => {
  const { it, problems } = wholeCache()
  const record = it.record('install@master', ['on the host'])
  rmSync(it.path(blobPath('on the host')))
  expect(await problems()).toEqual([])
  expect(it.has(record)).toBe(true)
})

test('what another version of the program wrote is left alone', async () => {
  const { it, record, memory, problems } = wholeCache()
  it.file(record, sealed({ schema: 2 }))
  it.file(memory, sealed({ schema: 2 }))
  expect(await problems()).toEqual([])
  expect([it.has(record), it.has(memory)]).toEqual([true, true])
})

/** As the compiled program keeps a workspace's entry. */
function keepEntry(it: FilledCache, code: string): string {
  it.file('entry.json', sealed({ schema: 1, files: { [it.layout.compiled]: digestOf(code) } }))
  return it.file('entry.js', code)
}

test('a compiled entry is what was kept', async () => {
  const { it, problems } = wholeCache()
  const entry = keepEntry(it, 'main()')
  expect(await problems()).toEqual([])
  expect(it.has(entry)).toBe(true)
})

test('a compiled entry that is another than was kept is found and removed', async () => {
  const { it, problems } = wholeCache()
  const at = keepEntry(it, 'main()')
  it.file(at, 'pain()')
  expect(await problems()).toEqual([{ kind: 'damaged', at, problem: 'it is not what `entry.json` says' }])
  expect(await problems()).toEqual([])
})

test('a compiled entry of which nothing is known is left alone', async () => {
  const { it, problems } = wholeCache()
  const entry = it.file('entry.js', 'main()')
  expect(await problems()).toEqual([])
  expect(it.has(entry)).toBe(true)
})

test('what cannot be read is told and left alone', async () => {
  const { it, record, download, problems } = wholeCache()
  const unreadable = [record, download, blobPath('made')]
  for (const path of unreadable) leadToItself(it.path(path))
  const found = await problems()
  expect(found.map(({ kind, at }) => [kind, at]).sort()).toEqual(
    unreadable.map((at) => ['inaccessible', at]).sort(),
  )
  expect(await problems()).toEqual(found)
})

test('foreign files are told and left alone', async () => {
  const { it, problems } = wholeCache()
  const foreign = ['blobs/ab/notes', 'logs/deep/x.log', 'notes', 'records/make/notes.json']
  for (const path of foreign) it.file(path, 'x')
  expect((await problems()).sort((a, b) => (a.at < b.at ? -1 : 1))).toEqual(
    foreign.map((at) => ({ kind: 'foreign', at })),
  )
  expect(foreign.every((path) => it.has(path))).toBe(true)
})

test('a folder that cannot be listed is told, and the rest is read', async () => {
  const { it, problems, memory } = wholeCache()
  rmSync(it.layout.logs, { recursive: true })
  it.file('logs', 'no folder')
  it.file(memory, 'scrambled')
  expect(await problems()).toMatchObject([
    { kind: 'inaccessible', at: 'logs' },
    { kind: 'damaged', at: memory },
  ])
})

/** Even root cannot read such a link. */
function leadToItself(path: string): void {
  rmSync(path)
  symlinkSync(basename(path), path)
}

function cutOff(it: FilledCache, path: string): string {
  return it.file(path, readFileSync(it.path(path), 'utf8').slice(0, -9))
}

function copiedRecord({ it, record }: ReturnType<typeof wholeCache>): string {
  const copy = `records/make/${digestOf('copy')}.json`
  cpSync(it.path(record), it.path(copy))
  return copy
}

function folderForRecord({ it, record }: ReturnType<typeof wholeCache>): string {
  renameSync(it.path(record), it.path('tmp/record'))
  mkdirSync(it.path(`${record}/inner`), { recursive: true })
  writeFileSync(it.path(`${record}/inner/file`), 'x')
  return record
}

function sealed(content: object): string {
  const text = JSON.stringify(content)
  return `${text}\n"${digestOf(text)}"\n`
}

function wrongDownload(): string {
  return 'its content is not what was to be downloaded'
}
