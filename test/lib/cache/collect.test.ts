import fs, { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { collect } from '../../../lib/cache/collect.ts'
import { lookAtFile, takeInventory, totalSize } from '../../../lib/cache/inventory.ts'
import { removeUnused } from '../../../lib/cache/removal.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import { blobPath, daysAgo, FilledCache } from './filled-cache.ts'

const big = (letter: string) => letter.repeat(100_000)

test('what was least recently used goes first, and no more than must', () => {
  const it = new FilledCache()
  const old = it.record('make', [big('a')], { daysAgo: 3 })
  const older = it.record('make', [big('b')], { daysAgo: 4 })
  const young = it.record('make', [big('c')], { daysAgo: 1 })
  const { counts, left } = collect(it.layout, { maxSize: 250_000 })
  expect(counts).toMatchObject({ records: 1, blobs: 1 })
  expect([old, older, young].map((path) => it.has(path))).toEqual([true, false, true])
  expect(it.hasContent(big('b'))).toBe(false)
  expect(left).toBe(totalSize(takeInventory(it.layout)))
})

test('a cache that is small enough is left alone, however old it is', () => {
  const it = new FilledCache()
  it.record('make', ['a'], { daysAgo: 1000 })
  const files = it.files()
  expect(collect(it.layout, { maxSize: 10_000 })).toMatchObject({ size: 0, findings: [] })
  expect(it.files()).toEqual(files)
})

test('a content that a kept record refers to is kept', () => {
  const it = new FilledCache()
  it.record('make', ['shared', 'own'], { daysAgo: 3 })
  it.record('join', ['shared'], { daysAgo: 1 })
  collect(it.layout, { usedSince: daysAgo(2) })
  expect([it.hasContent('shared'), it.hasContent('own')]).toEqual([true, false])
})

test('records, logs and downloads that were not used for so long go', () => {
  const it = new FilledCache()
  const download = `downloads/${digestOf('x')}/x.tgz`
  const gone = [
    it.record('make', ['a'], { daysAgo: 31 }),
    it.file('logs/make.log', 'a', { daysAgo: 31 }),
    it.file(download, 'x', { daysAgo: 31 }),
    it.file(`downloads/sha1-${digestOf('y').slice(0, 40)}/y`, 'y', { daysAgo: 31 }),
  ]
  const kept = [it.record('join', ['b'], { daysAgo: 29 }), it.file('logs/other.log', 'b', { daysAgo: 29 })]
  collect(it.layout, { usedSince: daysAgo(30) })
  expect(gone.filter((path) => it.has(path))).toEqual([])
  expect(kept.every((path) => it.has(path))).toBe(true)
  expect(existsSync(dirname(it.path(download)))).toBe(false)
})

test('a log is of use as long as its instance is', () => {
  const it = new FilledCache()
  const log = it.file('logs/make.log', 'printed', { daysAgo: 90 })
  it.record('make', ['a'])
  collect(it.layout, { usedSince: daysAgo(30) })
  expect(it.has(log)).toBe(true)
})

test('with an instance that has no record left, the name of its latest goes, too', () => {
  const it = new FilledCache()
  it.record('make', ['a'])
  collect(it.layout, { maxSize: 0 })
  expect(it.files()).toEqual([])
  expect(it.has('records/make')).toBe(false)
})

test('a content that nobody refers to goes; one that a run has just stored stays', () => {
  const it = new FilledCache()
  it.blob('of a run that was killed', { daysAgo: 1 })
  it.blob('of a run that is going')
  collect(it.layout, { spare: daysAgo(0.5) })
  expect(it.hasContent('of a run that was killed')).toBe(false)
  expect(it.hasContent('of a run that is going')).toBe(true)
})

test('what a run that is going has recorded or half-written stays, however little room there is', () => {
  const it = new FilledCache()
  const left = it.file('tmp/left', 'x', { daysAgo: 1 })
  const stay = [
    it.record('make', ['new']),
    blobPath('new'),
    it.file('tmp/part', 'x'),
    it.file('logs/make.log', 'x'),
  ]
  collect(it.layout, { maxSize: 0, spare: daysAgo(0.5) })
  expect(stay.every((path) => it.has(path))).toBe(true)
  expect(it.has(left)).toBe(false)
})

test('what is used after it was looked at stays', () => {
  const it = new FilledCache()
  const path = it.path(it.record('make', ['a'], { daysAgo: 9 }))
  const before = lookAtFile(path)!
  const now = new Date()
  utimesSync(path, now, now)
  expect(removeUnused(it.layout, before)).toBe(false)
  expect(removeUnused(it.layout, lookAtFile(path)!)).toBe(true)
})

test('what is used at the very moment of its removal is put back', () => {
  const it = new FilledCache()
  const path = it.path(it.record('make', ['a'], { daysAgo: 9 }))
  const { renameSync } = fs
  fs.renameSync = (from, to) => {
    it.used(String(from).slice(it.path('').length), 0)
    renameSync(from, to)
  }
  syncBuiltinESMExports()
  onTestFinished(() => {
    fs.renameSync = renameSync
    syncBuiltinESMExports()
  })
  const files = it.files()
  expect(removeUnused(it.layout, lookAtFile(path)!)).toBe(false)
  expect(it.files()).toEqual(files)
})

test('a damaged record goes with its contents, and is told', () => {
  const it = new FilledCache()
  const record = it.record('make', ['a'])
  writeFileSync(it.path(record), readFileSync(it.path(record), 'utf8').slice(0, 100))
  const { findings } = collect(it.layout, {})
  expect(findings).toEqual([
    { kind: 'damaged', path: it.path(record), problem: 'it is cut off or scrambled' },
  ])
  expect(it.files()).toEqual([])
})

test('what a record of another version of the program mentions is kept', () => {
  const it = new FilledCache()
  const record = it.record('make', ['a', 'b'])
  const content = JSON.stringify({ schema: 2, made: [digestOf('a')] })
  writeFileSync(it.path(record), `${content}\n"${digestOf(content)}"\n`)
  expect(collect(it.layout, {}).findings).toEqual([])
  expect([it.has(record), it.hasContent('a'), it.hasContent('b')]).toEqual([true, true, false])
})

test('where records cannot be listed nothing goes, and it is told', () => {
  const it = new FilledCache()
  it.blob('a', { daysAgo: 9 })
  it.file('records', 'no folder')
  const { size, findings } = collect(it.layout, { maxSize: 0 })
  expect([size, it.hasContent('a')]).toEqual([0, true])
  expect(findings).toMatchObject([{ kind: 'inaccessible', path: it.layout.records }])
})

test('the sandbox, the lock, .gitignore and what is not the cache’s are never touched', () => {
  const it = new FilledCache()
  const stay = [
    '.gitignore',
    'lock',
    'lock.after-0',
    'notes',
    'records/make/notes',
    'sandbox/hosts/master/file',
  ]
  for (const path of stay) it.file(path, 'x', { daysAgo: 1000 })
  it.record('make', ['a'])
  collect(it.layout, { maxSize: 0, usedSince: Date.now() })
  expect(it.files()).toEqual(stay)
})

test('without a cache, and in an empty one, nothing is done', () => {
  const it = new FilledCache()
  expect(collect(it.layout, { maxSize: 0 })).toMatchObject({ size: 0, left: 0, findings: [] })
  expect(existsSync(it.layout.folder)).toBe(false)
  mkdirSync(it.layout.folder)
  expect(collect(it.layout, { maxSize: 0 })).toMatchObject({ size: 0, left: 0, findings: [] })
})

test('of ten thousand contents exactly the least recently used go', () => {
  const it = new FilledCache()
  const contents = Array.from({ length: 10_000 }, (_, index) => `content ${String(index).padStart(5, '0')}`)
  for (let start = 0; start < contents.length; start += 100)
    it.record('make', contents.slice(start, start + 100), { daysAgo: 1 + start / 1000 })
  const { counts } = collect(it.layout, { usedSince: daysAgo(5.95) })
  expect(counts).toMatchObject({ records: 50, blobs: 5000 })
  expect(contents.map((content) => it.hasContent(content)).indexOf(false)).toBe(5000)
}, 120_000)
