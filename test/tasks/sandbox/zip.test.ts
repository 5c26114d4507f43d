import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Box, expectDone, expectRefused, openBox } from './box.ts'

let box: Box
beforeEach(() => (box = openBox()))
afterEach(() => box.close())

test('what is zipped comes out again', () => {
  box.write('tree/a/b', 'content\n'.repeat(1000))
  box.write('tree/c', '')
  expectDone(box.run('zip -q -r ../x.zip a c', { cwd: box.path('tree') }))
  expectDone(box.run('unzip -q x.zip -d out && diff -r tree out'))
  expect(box.run('unzip -Z1 x.zip').stdout).toBe('a/\na/b\nc\n')
})

test('adding keeps the shebang before the archive', () => {
  box.write('a', '1')
  expectDone(box.run("zip -q x.zip a && { echo '#!/bin/sh'; cat x.zip; } > y.pex && zip -q y.pex a"))
  expect(readFileSync(box.path('y.pex'), 'latin1')).toMatch(/^#!\/bin\/sh\n/)
  expect(box.run('unzip -p y.pex a').stdout).toBe('1')
})

test('adding again replaces', () => {
  box.write('a', 'old')
  expectDone(box.run('zip -q x.zip a'))
  box.write('a', 'new')
  expectDone(box.run('zip -q x.zip a'))
  expect(box.run('unzip -Z1 x.zip').stdout).toBe('a\n')
  expect(box.run('unzip -p x.zip a').stdout).toBe('new')
})

test('the same content gives the same bytes', () => {
  box.write('a', '1')
  box.write('b', '2')
  expectDone(box.run('zip -q x.zip a b && touch -t 200001010000 a && zip -q y.zip b a && cmp x.zip y.zip'))
})

test('an entry that is twice in an archive is found out', () => {
  box.write('a', '1')
  expectDone(box.run('zip -q x.zip a'))
  const zip = readFileSync(box.path('x.zip'))
  const directory = zip.subarray(zip.indexOf('PK\x01\x02'), zip.indexOf('PK\x05\x06'))
  const end = Buffer.from(zip.subarray(zip.indexOf('PK\x05\x06')))
  end.writeUInt16LE(2, 10)
  end.writeUInt32LE(directory.length * 2, 12)
  const local = zip.subarray(0, zip.indexOf('PK\x01\x02'))
  const twice = Buffer.concat([local, directory, directory, end]).toString('base64')
  expectDone(box.run('base64 -d > twice.zip', { input: twice }))
  expectRefused(box.run('unzip -Z1 twice.zip'), 1, /a is in the archive twice/)
})

test('an entry that leads out of the folder is refused', () => {
  box.write('a', '1')
  expectDone(box.run('mkdir tree && cd tree && zip -q ../x.zip ../a && rm ../a'))
  expectRefused(box.run('unzip -q x.zip -d tree'), 1, /\.\.\/a leads out of the folder/)
  expect(existsSync(box.path('a'))).toBe(false)
})

test('options that nobody planned for are refused', () => {
  expectRefused(box.run('zip --encrypt x.zip a'), 16, /unknown option --encrypt/)
  expectRefused(box.run('unzip -Y x.zip'), 10, /unknown option -Y/)
  expectRefused(box.run('unzip nothing.zip'), 9, /cannot find/)
})
