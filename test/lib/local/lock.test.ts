import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { inspectLock, type LockAttempt, tryLock } from '../../../lib/local/lock.ts'
import { readClaim } from '../../../lib/local/lock-claim.ts'
import { findProcess } from '../../../lib/local/processes.ts'
import { zombie } from './marked.ts'

/** The path of a lock in a folder where nothing else is. */
function lockPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'lock')
}

const take = (path: string) => tryLock(path, { command: 'run all', run: randomUUID() })

function release(attempt: LockAttempt): void {
  if ('release' in attempt) attempt.release()
}

/** What a lock says when another living process holds it, but for some of it. */
function lockSaying(differently: object): string {
  const path = lockPath()
  const { pid, started } = findProcess(process.ppid)!
  take(path)
  const content = { ...JSON.parse(readFileSync(path, 'utf8')), pid, started, run: 'earlier', ...differently }
  writeFileSync(path, JSON.stringify(content))
  return path
}

const filesBeside = (path: string) => readdirSync(dirname(path))

test('one process holds it at a time, and gives it back', () => {
  const path = lockPath()
  const first = take(path)
  const since = expect.stringMatching(/^2.+Z$/)
  expect(take(path)).toEqual({
    heldBy: expect.objectContaining({ pid: process.pid, command: 'run all', since }),
  })
  release(first)
  expect(filesBeside(path)).toEqual([])
  expect(take(path)).toEqual({ release: expect.any(Function) })
})

test('its folder is made', () => {
  expect(take(join(lockPath(), 'further', 'lock'))).toHaveProperty('release')
})

test('what another one has taken over by now is not given back', () => {
  const path = lockPath()
  const first = take(path)
  rmSync(path)
  take(path)
  release(first)
  expect(filesBeside(path)).toEqual(['lock'])
})

test('to give it back never fails', () => {
  const path = lockPath()
  const held = take(path)
  rmSync(dirname(path), { recursive: true })
  writeFileSync(dirname(path), 'no folder any more')
  expect(() => release(held)).not.toThrow()
})

test('another process that lives holds it', () => {
  expect(take(lockSaying({}))).toEqual({ heldBy: expect.objectContaining({ pid: process.ppid }) })
})

test.for<[string, object]>([
  ['of another boot', { boot: 'another' }],
  ['of a process whose number another one has now', { started: '1' }],
  ['of a number that no process has', { pid: 2 ** 30 }],
])('one %s is taken over at once, and says whose it was', ([, differently]) => {
  const path = lockSaying(differently)
  const { pid } = JSON.parse(readFileSync(path, 'utf8'))
  expect(take(path)).toEqual({
    release: expect.any(Function),
    left: expect.objectContaining({ pid, run: 'earlier' }),
  })
  expect(filesBeside(path)).toEqual(['lock'])
  expect(inspectLock(path).heldBy?.pid).toBe(process.pid)
})

test('one of a zombie is taken over at once', async () => {
  const { zombiePid: pid, started } = await zombie()
  expect(take(lockSaying({ pid, started }))).toHaveProperty('left.pid', pid)
})

const foreign: [string, (path: string) => void][] = [
  ['empty', (path) => writeFileSync(path, '')],
  ['torn', (path) => writeFileSync(path, '{"pid":17,"sta')],
  ['of a process number only', (path) => writeFileSync(path, '17')],
  ['JSON null', (path) => writeFileSync(path, 'null')],
  ['JSON of something else', (path) => writeFileSync(path, `{"pid":${process.pid},"since":5}`)],
  ['a folder', (path) => mkdirSync(join(path, 'with', 'more'), { recursive: true })],
  ['a link to nothing', (path) => symlinkSync('/nowhere/at/all', path)],
]

test.for(foreign)('one that is %s is taken over at once', ([, put]) => {
  const path = lockPath()
  put(path)
  expect(inspectLock(path)).toEqual({ left: { pid: null, run: null } })
  expect(take(path)).toEqual({ release: expect.any(Function), left: { pid: null, run: null } })
  expect(filesBeside(path)).toEqual(['lock'])
  expect(inspectLock(path).heldBy?.pid).toBe(process.pid)
})

test('one that died while it took over is succeeded like any other', () => {
  const path = lockSaying({ boot: 'another' })
  const heir = `${path}.after-${readClaim(path)!.id}`
  copyFileSync(lockSaying({ boot: 'another', run: 'heir' }), heir)
  expect(take(path)).toHaveProperty('left.run', 'earlier')
  expect(filesBeside(path)).toEqual(['lock'])
})

test('while one takes over, the others wait for it', () => {
  const path = lockSaying({ boot: 'another' })
  copyFileSync(lockSaying({ run: 'heir' }), `${path}.after-${readClaim(path)!.id}`)
  expect(take(path)).toHaveProperty('heldBy.run', 'heir')
})

test('however many contend for what the dead leave, each is alone', async () => {
  const path = lockPath()
  const program = fileURLToPath(new URL('programs/contender.ts', import.meta.url))
  const contenders = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, path, '100'], {
      stdio: 'inherit',
    }),
  )
  const ends = await Promise.all(contenders.map((child) => once(child, 'exit')))
  expect(ends).toEqual(contenders.map(() => [0, null]))
  expect(filesBeside(path).filter((name) => name !== 'lock')).toEqual([])
})
