import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

test('what a process that is gone left is taken over', async () => {
  const lock = join(temporaryFolder(), 'lock')
  writeFileSync(lock, 'torn')
  expect(await withStartLock(lock, async () => existsSync(lock))).toBe(true)
  expect(existsSync(lock)).toBe(false)
})
