import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FileFinder } from '../../../lib/inputs/find-files.ts'

function folder(...paths: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'find-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  return root
}

const find = (root: string, patterns: string[], outputs: string[] = []) =>
  new FileFinder(root, outputs).inputs(patterns)

test('a folder stands for all in it, dot files included, in code-unit order', () => {
  const root = folder('src/b', 'src/a', 'src/.hidden', 'src/Z', 'src/deep/x', 'other')
  expect(find(root, ['src']).paths).toEqual(['src/.hidden', 'src/Z', 'src/a', 'src/b', 'src/deep/x'])
})

test('an exclamation mark excludes, wherever it stands', () => {
  const root = folder('a.c', 'b.c', 'c.h')
  expect(find(root, ['!b.c', '*.c', '*.h']).paths).toEqual(['a.c', 'c.h'])
})

test('links are listed as links and never followed', () => {
  const root = folder('src/a')
  symlinkSync('..', join(root, 'src/loop'))
  symlinkSync('nowhere', join(root, 'src/dangling'))
  expect(find(root, ['src/**']).paths).toEqual(['src/a', 'src/dangling', 'src/loop'])
})

test('caches, packages, version control and the outputs of tasks never match', () => {
  const root = folder(
    'a',
    '.cache/x',
    '.git/x',
    'node_modules/p/x',
    'deep/node_modules/p/x',
    'build/out',
    'gen.c',
  )
  expect(find(root, ['**'], ['build', '*.c']).paths).toEqual(['a'])
})

test('names with characters of patterns are found as themselves', () => {
  const root = folder('(p)/f.ts', 'a[1]/x', 'q?')
  expect(find(root, ['(p)/f.ts', 'a[1]', 'q?']).paths).toEqual(['(p)/f.ts', 'a[1]/x', 'q?'])
})

test('a plain path where nothing is, is missing; a glob that matches nothing is not', () => {
  expect(find(folder('a'), ['nothing.c', '*.c'])).toEqual({ paths: [], missing: ['nothing.c'] })
})
