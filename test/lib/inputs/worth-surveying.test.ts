import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { worthSurveying } from '../../../lib/inputs/worth-surveying.ts'

/** A workspace with so many files in each folder, and what is worth a survey where so many of them are wanted. */
function worth(there: Record<string, number>, wanted: Record<string, number>, before: string[] = []) {
  const root = mkdtempSync(join(tmpdir(), 'worth-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [folder, files] of Object.entries(there)) {
    mkdirSync(join(root, folder), { recursive: true })
    for (let file = 0; file < files; file++) writeFileSync(join(root, folder, `${file}`), '')
  }
  const { folders, files } = worthSurveying(root, new Map(Object.entries(wanted)), new Set(before))
  return { folders: folders.sort(), files }
}

test('a folder is looked into where a quarter of what is in it is wanted, and so is one of such folders', () => {
  const there = { 'src/a': 600, 'src/b': 100, crowd: 1000, '.': 20 }
  expect(worth(there, { 'src/a': 600, 'src/b': 25, crowd: 249 })).toEqual({
    folders: ['src', 'src/a', 'src/b'],
    files: 625,
  })
  expect(worth(there, { 'src/a': 600, crowd: 250 }).folders).toContain('crowd')
})

test('few files are worth no survey', () => {
  expect(worth({ src: 499 }, { src: 499 })).toEqual({ folders: [], files: 0 })
  expect(worth({ src: 500 }, { src: 500 }).files).toBe(500)
})

test('what is known to be worth it stays so, unless nothing of it is wanted', () => {
  expect(worth({ src: 500, crowd: 99 }, { src: 500, crowd: 1 }, ['crowd', 'gone']).folders).toEqual([
    '.',
    'crowd',
    'src',
  ])
})

test('what is not there is worth nothing', () => {
  expect(worth({ src: 500 }, { src: 500, gone: 100 }).folders).toEqual(['.', 'src'])
})
