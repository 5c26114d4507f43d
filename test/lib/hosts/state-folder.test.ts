import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { needsPassword } from '../../../lib/hosts/remote/shell-parts.ts'
import { stateFolderProgram } from '../../../lib/hosts/remote/state-folder.ts'

/** Somebody who may not write where root may. */
const nobody = 65534
const isRoot = process.getuid?.() === 0
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'bin'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the program as somebody else, with a `sudo` of this content first on the PATH. */
const make = (sudo: string) => {
  writeFileSync(join(folder, 'bin/sudo'), `#!/bin/sh\n${sudo}\n`, { mode: 0o755 })
  return spawnSync('sh', ['-c', stateFolderProgram, 'sh', join(folder, 'lib/state')], {
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    encoding: 'utf8',
    uid: nobody,
    gid: nobody,
  })
}

it.runIf(isRoot)('is not made where sudo asks for a password: that is said, with the folder', () => {
  expect(make('exit 1')).toMatchObject({ status: needsPassword, stderr: `${join(folder, 'lib/state')}\n` })
  expect(existsSync(join(folder, 'lib'))).toBe(false)
})

it.runIf(isRoot)('is made without sudo where the user may', () => {
  mkdirSync(join(folder, 'lib'))
  chmodSync(join(folder, 'lib'), 0o777)
  expect(make('exit 1')).toMatchObject({ status: 0, stderr: '' })
  expect(statSync(join(folder, 'lib/state/jobs')).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'lib/state/receipts'))).toMatchObject({ uid: nobody })
})
