import { expect, test } from 'vitest'
import { usageOf } from '../../../lib/cache/usage.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import { FilledCache } from './filled-cache.ts'

const day = 86_400_000
const ago = (ms: number | undefined) => Math.round((Date.now() - ms!) / day)

test('each sort of files is counted, with its size and its oldest use', () => {
  const it = new FilledCache()
  it.record('make', ['12345'], { daysAgo: 3 })
  it.record('make', ['1234567'], { daysAgo: 1 })
  it.file('logs/make.log', 'abc', { daysAgo: 5 })
  it.file(`downloads/${digestOf('hi')}/hi.txt`, 'hi', { daysAgo: 7 })
  it.file('definitions.json', '{}')
  it.file('notes', 'foreign')
  const { sorts, size } = usageOf(it.layout)
  const told = Object.entries(sorts).map(([sort, { number, size }]) => [sort, number, size])
  const { records } = sorts
  expect(told).toEqual([
    ['blobs', 2, 12],
    ['records', 2, records.size],
    ['latest', 1, 65],
    ['logs', 1, 3],
    ['downloads', 1, 2],
    ['memory', 1, 2],
    ['temporary', 0, 0],
    ['foreign', 1, 7],
  ])
  expect(size).toBe(12 + records.size + 65 + 3 + 2 + 2)
  expect([records, sorts.logs, sorts.downloads].map(({ oldestUse }) => ago(oldestUse))).toEqual([3, 5, 7])
  expect(sorts.temporary.oldestUse).toBeUndefined()
})

test('a content was used when any record that refers to it was', () => {
  const it = new FilledCache()
  it.record('make', ['first'], { daysAgo: 1 })
  it.record('join', ['first'], { daysAgo: 9 })
  it.record('make', ['second'], { daysAgo: 9 })
  it.record('join', ['second'], { daysAgo: 1 })
  expect(ago(usageOf(it.layout).sorts.blobs.oldestUse)).toBe(1)
})

test('tasks are told with all their hosts and contents, the largest first', () => {
  const it = new FilledCache()
  it.record('small', ['1'], { daysAgo: 2 })
  it.record('large@slave-1', ['shared', '123'], { daysAgo: 4 })
  it.record('large@slave-2', ['shared', '1234'], { daysAgo: 3 })
  const tasks = usageOf(it.layout).tasks.map(({ lastUse, ...task }) => ({ ...task, lastUse: ago(lastUse) }))
  expect(tasks).toEqual([
    { task: 'large', records: 2, size: 13, lastUse: 3 },
    { task: 'small', records: 1, size: 1, lastUse: 2 },
  ])
})

test('damaged records are counted, and left for whoever removes them', () => {
  const it = new FilledCache()
  const record = it.file(it.record('make', ['a']), 'scrambled')
  expect(usageOf(it.layout)).toMatchObject({ damagedRecords: 1, tasks: [] })
  expect(it.has(record)).toBe(true)
})
