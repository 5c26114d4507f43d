import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { HeldLock } from '../../../lib/local/held-lock.ts'
import { inspectLock, type LockAttempt, tryLock } from '../../../lib/local/lock.ts'
import { lockText, placeOf, presentHolder, readClaim } from '../../../lib/local/lock-claim.ts'
import { lastOf } from '../../../lib/local/lock-succession.ts'
import { findProcess } from '../../../lib/local/processes.ts'
import { zombie } from './marked.ts'

/** The path of a lock in a folder where nothing else is. */
function lockPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'lock')
}

const take = (path: string) => tryLock(path, { command: 'run all', run: randomUUID() })

function held(attempt: LockAttempt): HeldLock {
  if ('heldBy' in attempt) throw new Error(`it is held by ${attempt.heldBy.pid}`)
  return attempt
}

/** A lock, or what else would lie beside it, that another living process holds, but for some of what it says. */
function lockSaying(differently: object, path = lockPath()): string {
  const { pid, started } = findProcess(process.ppid)!
  const holder = { ...presentHolder({ command: 'run all', run: 'earlier' }), pid, started }
  writeFileSync(path, lockText({ ...holder, unended: [], ...placeOf(path), ...differently }))
  return path
}

const filesBeside = (path: string) => readdirSync(dirname(path))

test('one process holds it at a time, and gives it back', () => {
  const path = lockPath()
  const first = held(take(path))
  const since = expect.stringMatching(/^2.+Z$/)
  expect(take(path)).toEqual({
    heldBy: expect.objectContaining({ pid: process.pid, command: 'run all', since }),
  })
  first.release()
  expect(filesBeside(path)).toEqual([])
  expect(take(path)).toBeInstanceOf(HeldLock)
})

test('given back with word of it, it can be taken at once, and nobody is to be ended', () => {
  const path = lockPath()
  const first = held(take(path))
  first.settle()
  first.end()
  expect(filesBeside(path)).toEqual(['lock.last'])
  const givenBackAt = statSync(lastOf(path)).ctimeMs
  expect(inspectLock(path)).toEqual({ unended: [], givenBackAt })
  const next = held(take(path))
  expect(next).toMatchObject({ unended: [], left: undefined, givenBackAt })
  expect(filesBeside(path)).toEqual(['lock'])
})

test('where nothing lies it may have been deleted: all that died before may be unended', () => {
  const path = lockPath()
  expect(inspectLock(path)).toEqual({ unended: 'all' })
  expect(held(take(path))).toMatchObject({ unended: 'all', left: undefined })
})

test('whoever dies before those that died earlier are ended leaves them to the next, with itself', () => {
  const path = lockSaying({ boot: 'another', unended: ['one', 'two'] })
  expect(held(take(path)).unended).toEqual(['one', 'two', 'earlier'])
  expect(inspectLock(lockSaying({ boot: 'another', unended: 'all' })).unended).toBe('all')
})

test('once they are ended nobody is left', () => {
  const path = lockSaying({ boot: 'another', unended: ['one'] })
  const lock = held(take(path))
  lock.settle()
  expect(readClaim(path)?.content).toMatchObject({ run: lock.holder.run, unended: [] })
})

test('whoever dies before it has removed the word of the one before forgets nobody', () => {
  const path = lockSaying({ boot: 'another', unended: ['one'] })
  lockSaying({ unended: ['two'] }, lastOf(path))
  expect(held(take(path)).unended).toEqual(['one', 'two', 'earlier'])
  expect(filesBeside(path)).toEqual(['lock'])
})

test('word of the one before that cannot be read is as good as none, and is told', () => {
  const path = lockPath()
  writeFileSync(lastOf(path), 'torn')
  expect(held(take(path))).toMatchObject({ unended: 'all', left: { pid: null } })
})

test('until they are ended they stay, also when the lock is given back', () => {
  const path = lockSaying({ boot: 'another' })
  held(take(path)).end()
  expect(held(take(path)).unended).toEqual(['earlier'])
})

test('one that was deleted is put back by its holder', () => {
  const path = lockPath()
  const lock = held(take(path))
  rmSync(path)
  expect(lock.lostTo()).toBeUndefined()
  expect(inspectLock(path).heldBy?.run).toBe(lock.holder.run)
  expect(filesBeside(path)).toEqual(['lock'])
})

test('one that another has taken since it was deleted is lost', () => {
  const path = lockPath()
  const lock = held(take(path))
  rmSync(path)
  const other = held(take(path))
  expect(lock.lostTo()?.run).toBe(other.holder.run)
  other.end()
  expect(lock.lostTo()?.run).toBe(other.holder.run)
})

test('what others left half-way is removed, unless they live', () => {
  const path = lockPath()
  writeFileSync(`${path}.torn`, '')
  lockSaying({ boot: 'another' }, `${path}.after-some`)
  lockSaying({}, `${path}.living`)
  writeFileSync(`${path}smith`, '')
  take(path)
  expect(filesBeside(path).sort()).toEqual(['lock', 'lock.living', 'locksmith'])
})

test('its folder is made', () => {
  expect(take(join(lockPath(), 'further', 'lock'))).toBeInstanceOf(HeldLock)
})

test('what another one has taken over by now is not given back', () => {
  const path = lockPath()
  const first = held(take(path))
  rmSync(path)
  const second = held(take(path))
  first.release()
  first.end()
  expect(inspectLock(path).heldBy?.run).toBe(second.holder.run)
})

test('what happens to it fails nothing', () => {
  const path = lockPath()
  const lock = held(take(path))
  rmSync(dirname(path), { recursive: true })
  writeFileSync(dirname(path), 'no folder any more')
  for (const act of ['settle', 'lostTo', 'release', 'end'] as const) expect(() => lock[act]()).not.toThrow()
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
  const { pid } = readClaim(path)!.content!
  expect(held(take(path))).toMatchObject({ left: { pid }, unended: ['earlier'] })
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
  [
    'changed',
    (path) => writeFileSync(path, readFileSync(lockSaying({}), 'utf8').replace('earlier', 'eerlier')),
  ],
  ['a folder', (path) => mkdirSync(join(path, 'with', 'more'), { recursive: true })],
  ['a link to nothing', (path) => symlinkSync('/nowhere/at/all', path)],
]

test.for(foreign)('one that is %s is taken over at once', ([, put]) => {
  const path = lockPath()
  put(path)
  expect(inspectLock(path)).toEqual({ left: { pid: null }, unended: 'all' })
  expect(held(take(path))).toMatchObject({ left: { pid: null }, unended: 'all' })
  expect(filesBeside(path)).toEqual(['lock'])
  expect(inspectLock(path).heldBy?.pid).toBe(process.pid)
})

test('one that came with a copy of its folder binds nobody, and says nothing of who was here', () => {
  const [path, copy] = [lockSaying({}), lockPath()]
  lockSaying({ unended: ['one'] }, lastOf(path))
  cpSync(dirname(path), dirname(copy), { recursive: true })
  expect(inspectLock(copy)).toEqual({ unended: 'all' })
  expect(held(take(copy))).toMatchObject({ unended: 'all', left: undefined })
  expect(filesBeside(copy)).toEqual(['lock'])
  expect(inspectLock(path).heldBy?.run).toBe('earlier')
})

test('one whose folder was moved is what it was', () => {
  const [living, dead] = [lockSaying({}), lockSaying({ boot: 'another' })]
  const moved = (path: string) => {
    const to = lockPath()
    renameSync(dirname(path), dirname(to))
    return to
  }
  expect(take(moved(living))).toHaveProperty('heldBy.run', 'earlier')
  expect(held(take(moved(dead))).unended).toEqual(['earlier'])
})

test('one whose folder was put back from elsewhere is what it was', () => {
  const path = lockSaying({})
  cpSync(dirname(path), `${dirname(path)}.copy`, { recursive: true })
  rmSync(dirname(path), { recursive: true })
  renameSync(`${dirname(path)}.copy`, dirname(path))
  expect(take(path)).toHaveProperty('heldBy.run', 'earlier')
})

test('one that died while it took over is succeeded like any other', () => {
  const path = lockSaying({ boot: 'another' })
  const heir = `${path}.after-${readClaim(path)!.id}`
  lockSaying({ boot: 'another', run: 'heir', unended: ['earlier'] }, heir)
  expect(held(take(path)).unended).toContain('earlier')
  expect(filesBeside(path)).toEqual(['lock'])
})

test('while one takes over, the others wait for it', () => {
  const path = lockSaying({ boot: 'another' })
  lockSaying({ run: 'heir' }, `${path}.after-${readClaim(path)!.id}`)
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
  expect(filesBeside(path)).toHaveLength(1)
})
