import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FileFinder, matcher } from '../../../lib/inputs/find-files.ts'

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
  new FileFinder(root, matcher(outputs)).inputs(patterns)

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

test.each(['*/*', '**', 'in', 'in/**', '**/*[n1]*'])('`%s` means names with line ends, too', (pattern) => {
  const names = ['in/Icon\r', 'in/line\nend', 'in/\uE00013\uE001'].sort()
  const found = find(folder(...names, 'deep\n/er/x'), [pattern]).paths
  expect(found.filter((path) => path.startsWith('in/'))).toEqual(names)
  expect(found.includes('deep\n/er/x')).toBe(pattern === '**')
})

test('a plain path where nothing is, is missing; a glob that matches nothing is not', () => {
  expect(find(folder('a'), ['nothing.c', '*.c'])).toEqual({ paths: [], missing: ['nothing.c'] })
})

test('an exclusion among outputs makes inputs of nothing else', () => {
  const root = folder('build/a', 'build/keep.txt', 'src/x')
  expect(find(root, ['**'], ['build/*', '!build/*.txt']).paths).toEqual(['build/keep.txt', 'src/x'])
})

test.each([
  ['a/{b,c}', ['a/b', 'a/c']],
  ['{a/b,x}', ['a/b', 'x']],
  ['{a,a/**}/{b,c/d}', ['a/b', 'a/c/d']],
  ['a/{,c/}d', ['a/c/d', 'a/d']],
  ['a/{{b,c},d}', ['a/b', 'a/c', 'a/d']],
  ['?/b', ['a/b']],
  ['?/[!b]', ['a/c', 'a/d']],
  ['x{/y,}', ['x']],
])('%s is found and matched alike', (pattern, expected) => {
  const paths = ['a/b', 'a/c', 'a/c/d', 'a/d', 'x']
  const root = folder('a/b', 'a/d', 'x', ...(expected.includes('a/c') ? ['a/c'] : ['a/c/d']))
  expect(find(root, [pattern]).paths).toEqual(expected)
  expect(paths.filter(matcher([pattern]))).toEqual(expected)
})

test('what a wide output pattern means is not looked for in caches, packages and version control', () => {
  const root = folder('a.o', '.cache/a.o', '.git/a.o', 'node_modules/p/a.o', 'build/node_modules/a.o')
  const { paths } = new FileFinder(root, () => false).outputs(['**/*.o'])
  expect(paths).toEqual(['a.o', 'build/node_modules/a.o'])
})

test('below a file a glob finds nothing', () => {
  expect(find(folder('a'), ['a/*', 'a/b/**'])).toEqual({ paths: [], missing: [] })
  expect(['a', 'a/b'].filter(matcher(['a/**']))).toEqual(['a/b'])
})
