import { createHash } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { DigestMemory } from '../../../lib/inputs/digest-memory.ts'
import { FileDigests } from '../../../lib/inputs/file-digests.ts'

function rig() {
  const root = mkdtempSync(join(tmpdir(), 'digests-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const memory: DigestMemory = {}
  const later = () => Date.now() + 10_000
  return {
    path: (name: string) => join(root, name),
    open: (now = later) => new FileDigests(root, (folder) => memory[folder], { now }),
    save: (digests: FileDigests) => void Object.assign(memory, Object.fromEntries(digests.learnt())),
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('a file is its content and exec bit, a link its target, anything else nothing', () => {
  const { path, open } = rig()
  writeFileSync(path('run.sh'), 'abc')
  chmodSync(path('run.sh'), 0o755)
  symlinkSync('run.sh', path('link'))
  const digests = open()
  expect(digests.state('run.sh')).toEqual({ digest: sha256('abc'), size: 3, executable: true })
  expect(digests.state('link')).toEqual({ link: 'run.sh' })
  expect(digests.state('nothing')).toBeUndefined()
  expect(digests.state('.')).toBeUndefined()
})

test('a settled file is not read again while size, times and inode stay', () => {
  const { path, open, save } = rig()
  writeFileSync(path('a'), 'one')
  const first = open()
  first.state('a')
  save(first)
  expect(open().learnt().size).toBe(0)
  const second = open()
  expect(second.state('a')).toMatchObject({ digest: sha256('one') })
  expect(second.learnt().size).toBe(0)
})

test('an edit of the same size that keeps the mtime is seen by its ctime', () => {
  const { path, open, save } = rig()
  writeFileSync(path('a'), 'one')
  const { atime, mtime } = lstatSync(path('a'))
  const first = open()
  first.state('a')
  save(first)
  writeFileSync(path('a'), 'two')
  utimesSync(path('a'), atime, mtime)
  expect(open().state('a')).toMatchObject({ digest: sha256('two') })
})

test('a hundred edits of the same size, each at once after a reading, are all seen', () => {
  const { path, open, save } = rig()
  for (let i = 100; i < 200; i++) {
    writeFileSync(path('a'), String(i))
    const digests = open(Date.now)
    expect(digests.state('a')).toMatchObject({ digest: sha256(String(i)) })
    save(digests)
  }
})

test('so are they while one run lasts', () => {
  const { path, open } = rig()
  const digests = open(Date.now)
  for (let i = 100; i < 200; i++) {
    writeFileSync(path('a'), String(i))
    expect(digests.state('a')).toMatchObject({ digest: sha256(String(i)) })
  }
})

test("a file within the clock's tick of its reading is not remembered", () => {
  const { path, open } = rig()
  writeFileSync(path('a'), 'one')
  const digests = open(() => lstatSync(path('a')).mtimeMs + 5)
  digests.state('a')
  expect(digests.learnt()).toEqual(new Map([['.', '']]))
})

test('what was known of it as it looked before is left', () => {
  const { path, open, save } = rig()
  writeFileSync(path('a'), 'one')
  const first = open()
  first.state('a')
  save(first)
  writeFileSync(path('a'), 'another')
  const digests = open(() => lstatSync(path('a')).mtimeMs + 5)
  expect(digests.state('a')).toMatchObject({ digest: sha256('another') })
  expect(digests.learnt()).toEqual(new Map())
})

test('a big file is hashed in the worker, with the same digest', async () => {
  const { path, open } = rig()
  const big = 'x'.repeat(5 * 1024 * 1024)
  writeFileSync(path('big'), big)
  const digests = open()
  await digests.prepare(['big'])
  expect(digests.state('big')).toMatchObject({ digest: sha256(big) })
})

test('a big file that several ask for at the same time is read once', async () => {
  const { path, open } = rig()
  const size = 32 * 1024 * 1024
  writeFileSync(path('big'), Buffer.alloc(size))
  const digests = open()
  const before = bytesRead()
  await Promise.all([1, 2, 3, 4].map(() => digests.states(digests.signatures(['big']))))
  expect(bytesRead() - before).toBeLessThan(2 * size)
})

/** By all threads of this process. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))![1])
}
