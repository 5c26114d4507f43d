import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hashFileNow } from '../../../lib/disk/hash-file.ts'
import { hashInThread } from '../../../lib/disk/hash-in-thread.ts'

function folderOf(contents: Record<string, string | Buffer>) {
  const root = mkdtempSync(join(tmpdir(), 'hash-in-thread-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(root, name), content)
  return (name: string) => join(root, name)
}

test('files have the same digests as in this thread, whatever their names and bytes', async () => {
  const contents = { empty: '', 'line\nend': 'text', ünïcode: Buffer.from([0, 255, 10]) }
  const paths = Object.keys(contents).map(folderOf(contents))
  expect(await hashInThread(paths, 100)).toEqual(paths.map((path) => hashFileNow(path)))
})

test('what is gone, no file, or larger than asked for has none', async () => {
  const at = folderOf({ small: 'four', large: 'fifth' })
  const digests = await hashInThread([at('gone'), at('large'), at('.'), at('small')], 4)
  expect(digests).toEqual([undefined, undefined, undefined, hashFileNow(at('small'))])
})

test('nothing is known where the thread fails', async () => {
  const beyondMemory = Number.MAX_SAFE_INTEGER
  expect(await hashInThread([folderOf({ some: '' })('some')], beyondMemory)).toEqual([])
})
