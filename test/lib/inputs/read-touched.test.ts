import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FileDigests } from '../../../lib/inputs/file-digests.ts'
import { type FolderToRead, readFolder } from '../../../lib/inputs/read-folder.ts'
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

/** So many that another thread reads some of them. */
function veryMany(others: Record<string, string> = {}) {
  const names = Array.from({ length: 350 }, (_, index) => `${'long '.repeat(40)}${index}`)
  const contents = Object.fromEntries(names.map((name) => [name, `of ${name}`]))
  return touchedFolders({ ...contents, ...others }, [...'abcdefghijkl'])
}

test('very many touched files are read, and where they hold what they held, no run writes that down', async () => {
  const folders = veryMany()
  const digests = folders.open()
  const told: string[] = []
  await digests.readTouched(inOneShare(folders.seen()), later(), (path) => told.push(path))
  expect(told.toSorted()).toEqual([...'abcdefghijkl'])
  for (const path of folders.paths) expect(digests.state(path)).toBeDefined()
  expect(digests.learnt().size, 'whatever is read by whoever asks for it is learnt').toBe(0)
})

test('what holds another thing is found among them, small or large', async () => {
  const folders = veryMany({ small: 'one', large: 'a'.repeat(100_000) })
  const edits = { 'b/small': 'two', 'k/small': 'six', 'c/large': 'b'.repeat(100_000) }
  for (const [path, content] of Object.entries(edits)) writeFileSync(folders.at(path), content)
  const digests = folders.open()
  await digests.readTouched(inOneShare(folders.seen()), later(), () => {})
  for (const [path, content] of Object.entries(edits))
    expect(digests.state(path)).toMatchObject({ digest: sha256(content) })
  expect(digests.state('a/small')).toMatchObject({ digest: sha256('one') })
})

test('few are left to whoever needs them', async () => {
  const folders = touchedFolders({ some: '', others: '' })
  const told: string[] = []
  await folders.open().readTouched(inOneShare(folders.seen()), later(), (path) => told.push(path))
  expect(told).toEqual([])
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
  expect(told.length).toBeLessThan(12)
})

test('the thread reads a folder as it is read here, whatever the names and bytes of its files', async () => {
  const folders = touchedFolders({ empty: '', 'line\nend': 'text', ünïcode: Buffer.from([0, 255, 10]) }, [
    'a',
    'b',
  ])
  writeFileSync(folders.at('b/empty'), 'no more')
  const read = await threadIn(folders.root).read(folders.seen())
  expect(read).toEqual(folders.seen().map((folder) => readFolder(folder, reading(folders.root))))
  const [a, b] = read
  expect(a!.learnt).toBeUndefined()
  expect(b!.learnt).toContain(sha256('no more'))
})

test('it answers in the order in which it was asked', async () => {
  const folders = touchedFolders({ file: '' }, ['a', 'b'])
  const thread = threadIn(folders.root)
  const asked = folders.seen().map((folder) => thread.read([folder]))
  expect(await Promise.all(asked)).toEqual(
    folders.seen().map((folder) => [readFolder(folder, reading(folders.root))]),
  )
})

test('once it has failed, it reads nothing', async () => {
  const folders = touchedFolders({ file: '' })
  const thread = threadIn(folders.root)
  const notUnderstood = [{ path: 'folder' } as FolderToRead]
  expect(await Promise.all([thread.read(notUnderstood), thread.read(folders.seen())])).toEqual([[], []])
})

const reading = (root: string) => ({ root, began: later(), now: later() })

function threadIn(root: string): ReadingThread {
  const thread = new ReadingThread(reading(root))
  onTestFinished(() => thread.end())
  return thread
}
