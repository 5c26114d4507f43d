import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { DigestMemory } from '../../../lib/inputs/digest-memory.ts'
import { FileDigests } from '../../../lib/inputs/file-digests.ts'
import { Survey } from '../../../lib/inputs/survey.ts'

/** A workspace of some files, and what a survey of these of its folders finds. */
function workspace(folders = ['.', 'src', 'src/deep', 'src/deep/er', 'src/[id]', '-odd', 'out']) {
  const root = mkdtempSync(join(tmpdir(), 'survey-'))
  onTestFinished(() => {
    for (const folder of [root, `${root}.tmp`]) rmSync(folder, { recursive: true, force: true })
  })
  const at = (path: string) => join(root, path)
  for (const folder of ['src/deep/er', 'src/[id]', '-odd', 'out', 'src/node_modules'])
    mkdirSync(at(folder), { recursive: true })
  const files = [
    'top',
    'src/a.c',
    'src/b.h',
    'src/deep/c.c',
    'src/deep/er/d',
    'src/[id]/e',
    '-odd/line\nend',
    'out/made',
  ]
  for (const file of files) writeFileSync(at(file), file)
  writeFileSync(at('src/node_modules/package'), '')
  const survey = async (held = new Map<string, string>(), digests?: FileDigests) => {
    const lines = folders.map((folder) => held.get(folder)).join()
    const survey = new Survey(root, { folders, files: 1, held: lines }, `${root}.tmp`)
    await survey.end(asIfLater(digests))
    return survey
  }
  const print = async (...patterns: string[]) => (await survey()).print(patterns, 'everywhere')
  return { root, at, survey, print, files }
}

/** Surveys of a workspace of which all that was read and learnt is remembered, as from run to run. */
function remembering({ root, survey, files }: ReturnType<typeof workspace>, now = later) {
  const memory: DigestMemory = {}
  const open = () => new FileDigests(root, (folder) => memory[folder], { now })
  const first = open()
  for (const file of files) first.state(file)
  Object.assign(memory, Object.fromEntries(first.learnt()))
  const held = new Map<string, string>()
  return async (patterns: string[], meanwhile = () => {}) => {
    const digests = open()
    const seen = await survey(held, digests)
    meanwhile()
    const prints = patterns.map((pattern) => seen.print([pattern], 'everywhere'))
    Object.assign(memory, Object.fromEntries(digests.learnt()))
    for (const [folder, line] of seen.learnt()) held.set(folder, line)
    return { prints, read: [...digests.learnt().keys()], hasLearnt: seen.learnt().size > 0 }
  }
}

/** All that was written by now has settled. */
const later = () => Date.now() + 10_000

/** What reads for a survey that began when all had settled. */
function asIfLater(digests = new FileDigests('', () => undefined)): Parameters<Survey['end']>[0] {
  return {
    asSeen: () => digests.asSeen(later()),
    readTouched: (touched, _, tell) => digests.readTouched(touched, later(), tell),
  }
}

const edits: Record<string, (at: (path: string) => string) => void> = {
  'other bytes': (at) => writeFileSync(at('src/a.c'), 'other'),
  'a touch': (at) => utimesSync(at('src/a.c'), 1, 1),
  'a mode': (at) => chmodSync(at('src/a.c'), 0o755),
  'the same bytes in another file': (at) => {
    writeFileSync(at('src/new'), 'src/a.c')
    renameSync(at('src/new'), at('src/a.c'))
  },
  'a link in its place': (at) => {
    rmSync(at('src/a.c'))
    symlinkSync('b.h', at('src/a.c'))
  },
}

for (const [edit, make] of Object.entries(edits))
  test(`${edit} of a file is seen by whoever means it`, async () => {
    const { at, print } = workspace()
    const meaning = ['src/a.c', 'src/*', 'src/*.c', 'src/**', 'src', 's*/*', '{src,out}/*', '.']
    const others = ['src/b.h', 'src/deep/*', 'src/deep/**', 'out/*', '-odd/*', 'top']
    const looks = () => Promise.all([...meaning, ...others].map((pattern) => print(pattern)))
    const [before, unchanged] = [await looks(), await looks()]
    expect(before).not.toContain(undefined)
    expect(unchanged).toEqual(before)
    make(at)
    const after = await looks()
    const touched = [...meaning, ...others].filter((_, index) => before[index] !== after[index])
    expect(touched).toEqual(meaning)
  })

const wholeFolders = ['src/*', 'src/**', 'src', '.']

const sameBytes = ['a touch', 'the same bytes in another file']

for (const edit of sameBytes)
  test(`where files are remembered, ${edit} leaves what is meant by their folders as it was`, async () => {
    const it = workspace()
    const look = remembering(it)
    const before = await look(wholeFolders)
    edits[edit]!(it.at)
    const after = await look(wholeFolders)
    expect([before.prints.includes(undefined), after.prints]).toEqual([false, before.prints])
    expect(after.read).toEqual(['src'])
  })

for (const edit of Object.keys(edits).filter((edit) => !sameBytes.includes(edit)))
  test(`where files are remembered, ${edit} is seen as ever`, async () => {
    const it = workspace()
    const look = remembering(it)
    const before = await look(wholeFolders)
    edits[edit]!(it.at)
    const { prints } = await look(wholeFolders)
    for (const [index, print] of prints.entries()) expect(print).not.toBe(before.prints[index])
  })

test('an edit of the same size that keeps the mtime is seen, and seen to be undone', async () => {
  const it = workspace()
  const look = remembering(it)
  const { atime, mtime } = statSync(it.at('src/a.c'))
  const write = (content: string) => {
    writeFileSync(it.at('src/a.c'), content)
    utimesSync(it.at('src/a.c'), atime, mtime)
  }
  const before = await look(['src/*'])
  write('src/x.c')
  expect((await look(['src/*'])).prints).not.toEqual(before.prints)
  write('src/a.c')
  expect((await look(['src/*'])).prints).toEqual(before.prints)
})

test('what was learnt of a folder is learnt once, and nothing of it is read again', async () => {
  const it = workspace()
  const look = remembering(it)
  const { prints, hasLearnt } = await look(['src/**'])
  expect(hasLearnt).toBe(true)
  expect(await look(['src/**'])).toEqual({ prints, read: [], hasLearnt: false })
  edits['a touch']!(it.at)
  expect(await look(['src/**'])).toEqual({ prints, read: ['src'], hasLearnt: true })
  expect(await look(['src/**'])).toEqual({ prints, read: [], hasLearnt: false })
})

const meanwhiles: Record<string, (at: (path: string) => string) => void> = {
  'another file with these bytes is in its place': (at) => {
    writeFileSync(at('new'), 'src/a.c')
    renameSync(at('new'), at('src/a.c'))
  },
  'a link to a file with these bytes is in its place': (at) => {
    writeFileSync(at('new'), 'src/a.c')
    rmSync(at('src/a.c'))
    symlinkSync('../new', at('src/a.c'))
  },
  'another folder is in the place of its folder': (at) => {
    renameSync(at('src'), at('aside'))
    mkdirSync(at('src'))
    for (const name of ['a.c', 'b.h']) writeFileSync(at(`src/${name}`), `src/${name}`)
  },
}

for (const [meanwhile, happen] of Object.entries(meanwhiles))
  test(`a file that looked other than it was remembered is not taken for what it was, since ${meanwhile} when it is read`, async () => {
    const it = workspace()
    const look = remembering(it)
    const before = await look(['src/*'])
    edits['other bytes']!(it.at)
    const { prints, read } = await look(['src/*'], () => happen(it.at))
    expect(prints).not.toEqual(before.prints)
    expect(read).toEqual([])
  })

test("a file that may change once more within the clock's tick is not read", async () => {
  const it = workspace()
  const touchedAt = () => statSync(it.at('src/a.c')).ctimeMs
  const look = remembering(it, () => touchedAt() + 5)
  await look(['src/*'])
  edits['a touch']!(it.at)
  expect((await look(['src/*'])).read).toEqual([])
})

test('a touched file of which nothing is remembered is not read, and counts as another', async () => {
  const it = workspace()
  const look = remembering(it)
  writeFileSync(it.at('src/new'), '')
  const { prints } = await look(['src/*'])
  utimesSync(it.at('src/new'), 1, 1)
  const after = await look(['src/*'])
  expect(after.read).toEqual([])
  expect(after.prints).not.toEqual(prints)
})

test('no more is read for one print than can be read at once', async () => {
  const it = workspace()
  const big = ['src/a.c', 'src/deep/c.c', 'src/deep/er/d']
  for (const path of big) writeFileSync(it.at(path), Buffer.alloc(3 * 1024 * 1024))
  const look = remembering(it)
  await look(['src/**'])
  for (const path of [...big, 'src/b.h']) utimesSync(it.at(path), 1, 1)
  expect((await look(['src/**'])).read).toEqual(['src'])
})

const comings: Record<string, (at: (path: string) => string) => void> = {
  comes: (at) => writeFileSync(at('src/deep/er/new'), ''),
  goes: (at) => rmSync(at('src/deep/er/d')),
  'is renamed': (at) => renameSync(at('src/deep/er/d'), at('src/deep/er/e')),
}

for (const [what, happen] of Object.entries(comings))
  test(`a file that ${what} is seen from every folder above that is meant`, async () => {
    const { at, print } = workspace()
    const meaning = ['src/deep/er/*', 'src/deep/**', 'src/**/*.c', 'src', 'src/*/*/*']
    const before = await Promise.all(meaning.map((pattern) => print(pattern)))
    happen(at)
    for (const [index, pattern] of meaning.entries())
      expect({ pattern, print: await print(pattern) }).not.toEqual({ pattern, print: before[index] })
  })

test('a folder whose very name is written like a glob stands for all in it', async () => {
  const { at, print } = workspace()
  const before = await print('src/[id]')
  writeFileSync(at('src/[id]/e'), 'other')
  expect(before).toBeDefined()
  expect(await print('src/[id]')).not.toBe(before)
})

test('patterns are told apart, though they mean the same files', async () => {
  const { print } = workspace()
  expect(await print('src/*.c')).not.toBe(await print('src/a.*'))
  expect(await print('src/*', '!src/a.c')).not.toBe(await print('src/*'))
})

test('packages are left out where inputs are meant, and seen where outputs are', async () => {
  const { at, survey } = workspace(['src', 'src/deep', 'src/deep/er', 'src/[id]', 'src/node_modules'])
  const looks = async () => {
    const seen = await survey()
    return [seen.print(['src/**'], 'everywhere'), seen.print(['src/**'], 'at the root')]
  }
  const [inputs, outputs] = await looks()
  writeFileSync(at('src/node_modules/package'), 'other')
  const [inputsThen, outputsThen] = await looks()
  expect([inputsThen === inputs, outputsThen === outputs]).toEqual([true, false])
})

test('what runs write into `.cache` touches nothing, wherever a pattern begins', async () => {
  const { at, print } = workspace()
  mkdirSync(at('.cache'))
  const looks = () => Promise.all(['*', 't*', '.', 'top'].map((pattern) => print(pattern)))
  const before = await looks()
  expect(before).not.toContain(undefined)
  writeFileSync(at('.cache/lock'), '')
  expect(await looks()).toEqual(before)
})

test('so many folders are looked into that one process cannot be told them all', async () => {
  const root = mkdtempSync(join(tmpdir(), 'survey-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folders = Array.from({ length: 12_000 }, (_, number) => `${'long'.repeat(50)}${number}`)
  for (const folder of folders) mkdirSync(join(root, folder))
  const survey = new Survey(root, { folders, files: 1 }, `${root}/tmp`)
  await survey.end(asIfLater())
  expect(survey.isVain).toBe(false)
  for (const folder of folders) expect(survey.print([`${folder}/*`], 'everywhere')).toBeDefined()
})

test('a single folder of very many files is looked into by one process, though more could be had', async () => {
  const { root } = workspace()
  const survey = new Survey(root, { folders: ['src'], files: 100_000 }, `${root}.tmp`)
  await survey.end(asIfLater())
  expect(survey.isVain).toBe(false)
  expect(survey.print(['src/*'], 'everywhere')).toBeDefined()
})

test('what was forgotten before it was seen stays unknown', async () => {
  const { root } = workspace()
  const survey = new Survey(root, { folders: ['src'], files: 1 }, `${root}.tmp`)
  survey.forget()
  await survey.end(asIfLater())
  expect(survey.print(['src/*'], 'everywhere')).toBeUndefined()
})

test('what was not looked into, what lies behind a link and what is not there is not known', async () => {
  const { at, survey } = workspace(['src', 'link'])
  symlinkSync('out', at('link'))
  const seen = await survey()
  for (const pattern of ['out/*', 'out/made', 'src/**', 'src/none', 'link/*', 'link/made', 'top'])
    expect({ pattern, print: seen.print([pattern], 'everywhere') }).toEqual({ pattern, print: undefined })
  expect(seen.print(['src/*'], 'everywhere')).toBeDefined()
})

test('nothing is known once anything was done', async () => {
  const { survey } = workspace()
  const seen = await survey()
  seen.forget()
  expect(seen.print(['src/*'], 'everywhere')).toBeUndefined()
})

const obstacles: Record<string, (it: ReturnType<typeof workspace>) => void> = {
  'a folder is gone': ({ at }) => rmSync(at('out'), { recursive: true }),
  'there is no `find`': () => vi.stubEnv('PATH', '/nowhere'),
  'its `find` is of another kind': ({ at }) => {
    mkdirSync(at('bin'))
    writeFileSync(at('bin/find'), '#!/bin/sh\necho "find: unknown: -printf" >&2; exit 1\n', { mode: 0o755 })
    vi.stubEnv('PATH', `${at('bin')}:${process.env.PATH}`)
  },
  'what it prints can be kept nowhere': ({ root }) => writeFileSync(`${root}.tmp`, 'no folder'),
}

for (const [obstacle, arise] of Object.entries(obstacles))
  test(`where ${obstacle}, nothing is known`, async () => {
    const it = workspace()
    onTestFinished(() => void vi.unstubAllEnvs())
    arise(it)
    const seen = await it.survey()
    expect([seen.isVain, seen.print(['src/*'], 'everywhere')]).toEqual([true, undefined])
  })

test('where very many remembered files were touched, what each folder holds is found all the same', async () => {
  const folders = Array.from({ length: 200 }, (_, index) => `many/${index}`)
  const it = workspace(folders)
  for (const folder of folders) mkdirSync(it.at(folder), { recursive: true })
  const files = folders.flatMap((folder) => Array.from({ length: 100 }, (_, index) => `${folder}/${index}`))
  for (const file of files) writeFileSync(it.at(file), file)
  const look = remembering({ ...it, files })
  const { prints: before } = await look(folders)
  for (const file of files) utimesSync(it.at(file), 1, 1)
  writeFileSync(it.at('many/1/50'), 'other')
  writeFileSync(it.at('many/150/50'), 'other')
  const { prints: after, read } = await look(folders)
  expect(folders.filter((_, index) => after[index] !== before[index])).toEqual(['many/1', 'many/150'])
  expect(read.toSorted()).toEqual(folders.toSorted())
})
