import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTimeOf } from '../../../lib/sandbox/processes.ts'
import { withStartLock } from '../../../lib/sandbox/start-lock.ts'
import { temporaryFolder } from './rig.ts'

test('what holds the lock is alone', async () => {
  const lock = join(temporaryFolder(), 'lock')
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside--
  }
  await Promise.all(Array.from({ length: 5 }, () => withStartLock(lock, work)))
  expect(most).toBe(1)
  expect(existsSync(lock)).toBe(false)
})

test('it is given back when the work fails', async () => {
  const lock = join(temporaryFolder(), 'lock')
  await expect(withStartLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(lock)).toBe(false)
})

test.for([
  ['of a process that is gone', '4194305 17'],
  ['of a process whose number another one has now', `${process.pid} 1`],
  ['that nobody can read', 'garbage'],
])('a lock %s is taken over at once', async ([, content]) => {
  const lock = join(temporaryFolder(), 'lock')
  writeFileSync(lock, content!)
  const began = performance.now()
  const seen = await withStartLock(lock, async () => readFileSync(lock, 'utf8'))
  expect(seen).toBe(`${process.pid} ${await startTimeOf(process.pid)}\n`)
  expect(performance.now() - began).toBeLessThan(1000)
})
