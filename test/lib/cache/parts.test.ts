import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Parts } from '../../../lib/cache/parts.ts'

function rig() {
  const root = mkdtempSync(join(tmpdir(), 'parts-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folder = join(root, 'parts')
  const faults: string[] = []
  const open = () => new Parts(folder, join(root, 'tmp'), (path) => faults.push(path))
  return { folder, faults, open }
}

const names = Array.from({ length: 100 }, (_, number) => `folder/${number}`)

test('what was saved is there for the next, whatever it is called', () => {
  const { open } = rig()
  const texts = Object.fromEntries(
    [...names, '__proto__', 'constructor', ''].map((name) => [name, `of ${name}\n"ü\\`]),
  )
  expect(open().get('constructor')).toBeUndefined()
  open().save(Object.entries(texts))
  const parts = open()
  for (const [name, text] of Object.entries(texts)) expect(parts.get(name)).toBe(text)
  expect(Object.fromEntries(parts.all())).toEqual(texts)
})

test('a change writes the part that it belongs into, and no other', () => {
  const { folder, open } = rig()
  open().save(names.map((name) => [name, 'before']))
  const inodes = () => readdirSync(folder).map((file) => statSync(join(folder, file)).ino)
  const before = inodes()
  expect(before.length).toBe(16)
  const parts = open()
  parts.save([[names[0]!, 'after']])
  expect(inodes().filter((inode) => !before.includes(inode)).length).toBe(1)
  expect([open().get(names[0]!), open().get(names[1]!)]).toEqual(['after', 'before'])
  parts.save([])
  expect(inodes().filter((inode) => !before.includes(inode)).length).toBe(1)
})

test('what is forgotten is gone at once, with its part, and the rest of that is there again once it is saved', () => {
  const { folder, open } = rig()
  open().save(names.map((name) => [name, 'text']))
  const parts = open()
  parts.forget(names[0]!)
  expect(readdirSync(folder).length).toBe(15)
  parts.save([])
  expect(
    open()
      .all()
      .map(([name]) => name)
      .sort(),
  ).toEqual(names.slice(1).sort())
})

test('a damaged part is told once, and is as good as none', () => {
  const { folder, faults, open } = rig()
  open().save(['a', 'b'].map((name) => [name, 'text']))
  for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'scrambled')
  const parts = open()
  expect([parts.get('a'), parts.get('a'), parts.get('b')]).toEqual([undefined, undefined, undefined])
  expect(faults.sort()).toEqual(readdirSync(folder).map((file) => join(folder, file)))
  parts.save([['a', 'new']])
  expect(open().get('a')).toBe('new')
})
