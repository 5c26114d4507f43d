import { lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { Scouted } from '../../../lib/inputs/scouted.ts'
import { lookAtFolders } from '../../../lib/inputs/sighting.ts'

function workspace() {
  const root = mkdtempSync(join(tmpdir(), 'scouted-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const { port1, port2 } = new MessageChannel()
  const scouted = new Scouted(port1, Date.now())
  onTestFinished(() => scouted.forget())
  const tell = (...folders: string[]) => port2.postMessage(lookAtFolders(root, folders))
  return { root, scouted, tell }
}

test('what a scout saw is told as it was then, until it is forgotten', () => {
  const { root, scouted, tell } = workspace()
  writeFileSync(join(root, 'file'), 'one')
  symlinkSync('nowhere', join(root, 'link'))
  mkdtempSync(join(root, 'folder-'))
  const { size, mtimeMs, ctimeMs, ino, mode } = lstatSync(join(root, 'file'))
  expect([scouted.in('.'), scouted.outsideOf('file')]).toEqual([undefined, undefined])
  tell('.')
  writeFileSync(join(root, 'file'), 'longer')
  expect(scouted.in('.')).toMatchObject({
    files: ['file', 'link'],
    folders: [expect.stringMatching(/^folder-/)],
  })
  expect(scouted.outsideOf('file')).toEqual({ size, mtimeMs, ctimeMs, ino, mode })
  expect(scouted.outsideOf('other')).toBe(undefined)
  scouted.forget()
  expect([scouted.in('.'), scouted.outsideOf('file')]).toEqual([undefined, undefined])
})
