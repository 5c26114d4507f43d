import { expect, test } from 'vitest'
import { clear } from '../../../lib/cache/clear.ts'
import { daysAgo, FilledCache } from './filled-cache.ts'

test('everything goes but the sandbox, the lock, .gitignore and what a run that is going has half-written', () => {
  const it = new FilledCache()
  const stay = ['.gitignore', 'lock', 'sandbox/hosts/master/file', 'tmp/restore.1/0']
  for (const path of [...stay, 'notes/mine', 'logs/make.log', 'definitions.json', 'tmp/left'])
    it.file(path, 'x')
  const part = `downloads/${'a'.repeat(64)}/x.zip.part`
  it.file(part, 'x')
  for (const path of ['tmp/left', part]) it.used(path, 1)
  it.record('make', ['a', 'b'])
  const { counts, findings } = clear(it.layout, daysAgo(0.5))
  expect(counts).toEqual({
    records: 1,
    latest: 1,
    blobs: 2,
    logs: 1,
    downloads: 0,
    memory: 1,
    temporary: 2,
    foreign: 1,
  })
  expect(findings).toEqual([])
  expect(it.files()).toEqual(stay)
  expect([it.has('notes'), it.has('records/make')]).toEqual([false, false])
})

test('there need be no cache', () => {
  expect(clear(new FilledCache().layout, Date.now())).toMatchObject({ size: 0, findings: [] })
})
