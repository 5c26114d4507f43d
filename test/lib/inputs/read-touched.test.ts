import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FileDigests } from '../../../lib/inputs/file-digests.ts'
import { type FolderRead, type FolderToRead, readFolder } from '../../../lib/inputs/read-folder.ts'
import { ReadingThread } from '../../../lib/inputs/reading-thread.ts'
import { format, type TouchedFolder } from '../../../lib/inputs/seen-folder.ts'

/** Folders whose files are all remembered, and have new times since. */
function touchedFolders(contents: Record<string, string | Buffer>, folders = ['folder']) {
  const root = mkdtempSync(join(tmpdir(), 'read-touched-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const paths = folders.flatMap((folder) => Object.keys(contents).map((name) => `${folder}/${name}`))
  const at = (path: string) => join(root, path)
  for (const folder of folders) mkdirSync(at(folder))
  for (const path of paths) writeFileSync(at(path), contents[path.slice(path.indexOf('/') + 1)]!)
  const first = new FileDigests(root, () => undefined, { now: later })
  for (const path of paths) first.state(path)
  const memory = first.learnt()
  for (const path of paths) utimesSync(at(path), 1, 1)
  return {
    root,
    at,
    paths,
    open: (signal?: AbortSignal) =>
      new FileDigests(root, (folder) => memory.get(folder), { now: later, ...(signal && { signal }) }),
    seen: (): FolderToRead[] =>
      folders.map((path) => ({ path, told: told(root, path), known: memory.get(path) })),
  }
}

const later = () => Date.now() + 10_000

/** What `find` tells of a folder. */
function told(root: string, path: string): string {
  const printed = execFileSync('find', [path, '-maxdepth', '1', '-printf', format], { cwd: root })
  return printed.toString().slice('0/'.length)
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')

async function* inOneShare(folders: TouchedFolder[]) {
  yield folders
}

/** Twelve folders, each of which is read on its own, and all together so many that another thread reads some of them. */
function veryMany(others: Record<string, string> = {}) {
  const names = Array.from({ length: 350 }, (_, index) => `${'long '.repeat(40)}${index}`)
  const contents = Object.fromEntries(names.map((name) => [name, `of ${name}`]))
  return touchedFolders({ ...contents, ...others }, [...'abcdefghijkl'])
}

/** Whether a thread can be had, how many were started, and how many folders they have read. */
const threads = vi.hoisted(() => ({ areThere: true, started: 0, read: 0 }))

vi.mock('node:worker_threads', async (actual) => {
  const real = await actual<typeof import('node:worker_threads')>()
  class Worker extends real.Worker {
    constructor(...args: ConstructorParameters<typeof real.Worker>) {
      if (!threads.areThere) throw new Error('EAGAIN')
      super(...args)
      threads.started++
      this.on('message', (folders: unknown[]) => {
        threads.read += folders.length
      })
    }
  }
  return { ...real, Worker }
})

beforeEach(() => void Object.assign(threads, { areThere: true, started: 0, read: 0 }))

/** Reads them, and gives the folders of which it was told what they hold. */
async function read(folders: ReturnType<typeof touchedFolders>, digests = folders.open()) {
  const told: string[] = []
  await digests.readTouched(inOneShare(folders.seen()), later(), (path) => told.push(path))
  return told.toSorted()
}

test('very many touched files are read by two threads, and remembered: nobody reads them again', async () => {
  const folders = veryMany()
  const digests = folders.open()
  expect(await read(folders, digests)).toEqual([...'abcdefghijkl'])
  expect(threads.read).toBeGreaterThan(0)
  expect(threads.read).toBeLessThan(12)
  const learnt = digests.learnt()
  for (const path of folders.paths) expect(digests.state(path)).toBeDefined()
  expect(digests.learnt()).toEqual(learnt)
})

test('what holds another thing is found among them', async () => {
  const folders = veryMany({ small: 'one' })
  for (const path of ['a/small', 'k/small']) writeFileSync(folders.at(path), 'two')
  const contents = new Map<string, string>()
  const digests = folders.open()
  await digests.readTouched(inOneShare(folders.seen()), later(), (path, held) => contents.set(path, held))
  expect(contents.get('a')).toBe(contents.get('k'))
  expect(contents.get('a')).not.toBe(contents.get('b'))
  expect(digests.state('k/small')).toMatchObject({ digest: sha256('two') })
  expect(digests.state('b/small')).toMatchObject({ digest: sha256('one') })
})

test('few are left to whoever needs them', async () => {
  expect(await read(touchedFolders({ some: '', others: '' }))).toEqual([])
})

test('where no other thread can be had, this one reads them all', async () => {
  threads.areThere = false
  expect(await read(veryMany())).toEqual([...'abcdefghijkl'])
})

test('a folder so large that signals and output would have to wait is left to the other thread', async () => {
  const names = Array.from({ length: 2200 }, (_, index) => `${'long '.repeat(40)}${index}`)
  const folders = touchedFolders(Object.fromEntries(names.map((name) => [name, ''])), [
    'large',
    'larger',
    'largest',
  ])
  expect(await read(folders)).toEqual(['large', 'larger', 'largest'])
  expect(threads.read).toBe(3)
})

test('once it is given up, no more is read', async () => {
  const folders = veryMany()
  const giveUp = new AbortController()
  const told: string[] = []
  await folders.open(giveUp.signal).readTouched(inOneShare(folders.seen()), later(), (path) => {
    told.push(path)
    giveUp.abort()
  })
  expect(told.length).toBeGreaterThan(0)
  expect(told.length).toBeLessThan(4)
})

test('what was given up before starts no thread: it would keep the process from its end', () => {
  expect(() => new ReadingThread(reading('/'), AbortSignal.abort())).toThrow('abort')
  expect(threads.started).toBe(0)
})

test('what somebody else reads of a folder meanwhile is not written over', async () => {
  const folders = veryMany()
  const digests = folders.open()
  const told: string[] = []
  await digests.readTouched(inOneShare(folders.seen()), later(), (path) => {
    if (told.length === 0) digests.state(folders.paths[0]!)
    told.push(path)
  })
  expect(told.toSorted()).toEqual([...'bcdefghijkl'])
})

test('the thread reads a folder as it is read here, whatever the names and bytes of its files', async () => {
  const folders = touchedFolders({ empty: '', 'line\nend': 'text', ünïcode: Buffer.from([0, 255, 10]) }, [
    'a',
    'b',
  ])
  writeFileSync(folders.at('b/empty'), 'no more')
  const read = await threadIn(folders.root).read(folders.seen())
  expect(read).toEqual(folders.seen().map((folder) => readFolder(folder, reading(folders.root))))
  expect(read.map(({ learnt }) => learnt?.includes(sha256('no more')))).toEqual([false, true])
})

const unread: Record<string, (folders: ReturnType<typeof touchedFolders>) => FolderRead> = {
  'is large': ({ seen, root, at }) => {
    writeFileSync(at('folder/file'), 'x'.repeat(100_000))
    return readFolder(seen()[0]!, reading(root))
  },
  'could change once more unseen': ({ seen, root, at }) =>
    readFolder(seen()[0]!, { ...reading(root), now: statSync(at('folder/file')).ctimeMs }),
  'is gone since it was seen': ({ seen, root, at }) => {
    const [folder] = seen()
    rmSync(at('folder/file'))
    return readFolder(folder!, reading(root))
  },
}

for (const [what, readIt] of Object.entries(unread))
  test(`where a file ${what}, nobody can tell what its folder holds`, () => {
    expect(readIt(touchedFolders({ file: '' }))).toEqual({ contents: undefined, learnt: undefined })
  })

test('the thread answers in the order in which it was asked', async () => {
  const folders = touchedFolders({ file: '' }, ['a', 'b'])
  const thread = threadIn(folders.root)
  const asked = folders.seen().map((folder) => thread.read([folder]))
  expect(await Promise.all(asked)).toEqual(
    folders.seen().map((folder) => [readFolder(folder, reading(folders.root))]),
  )
})

test('once the thread has failed, whoever asks it is told', async () => {
  const folders = touchedFolders({ file: '' })
  const thread = threadIn(folders.root)
  const notUnderstood = [{ path: 'folder' } as FolderToRead]
  const asked = await Promise.allSettled([thread.read(notUnderstood), thread.read(folders.seen())])
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

const reading = (root: string) => ({ root, began: later(), now: later() })

function threadIn(root: string): ReadingThread {
  const thread = new ReadingThread(reading(root))
  onTestFinished(() => thread.end())
  return thread
}
