import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestOf } from '../../../lib/model/digest.ts'
import { sandbox } from '../../../tasks/sandbox/index.ts'
import { auroraRelease, mavenRepository, mesosRelease } from '../../../tasks/sandbox/releases.ts'
import { type Box, openBox } from './box.ts'

let box: Box
beforeEach(() => (box = openBox()))
afterEach(() => box.close())

test('the same release has the same bytes', async () => {
  expect((await mesosRelease('0.20.1')).sha256).toBe((await mesosRelease('0.20.1')).sha256)
  expect((await mesosRelease('0.20.1')).sha256).not.toBe((await mesosRelease('0.20.2')).sha256)
})

test('names and top folders are those of upstream', async () => {
  const releases = [await mesosRelease('1.2.3'), await auroraRelease('0.7.0-incubating', '1.2.3')]
  expect(releases.map(({ name }) => name)).toEqual([
    'mesos-1.2.3.tar.gz',
    'apache-aurora-0.7.0-incubating.tar.gz',
  ])
  for (const { name, bytes } of releases) {
    const { stdout } = box.run('base64 -d | tar -tzf -', { input: bytes.toString('base64') })
    const tops = new Set(
      stdout
        .trim()
        .split('\n')
        .map((path) => path.split('/')[0]),
    )
    expect([...tops]).toEqual([name.replace('.tar.gz', '')])
  }
})

test('the repository has the first parts of groups at its top', async () => {
  const { bytes } = await mavenRepository()
  const { stdout } = box.run('base64 -d | tar -xzf - -C tmp && ls tmp', { input: bytes.toString('base64') })
  expect(stdout).toBe('com\n')
})

test('the version file is a link within the tree, what the miniatures share are files', async () => {
  const { bytes } = await auroraRelease('0.7.0-incubating', '0.20.1')
  const { stdout } = box.run('base64 -d | tar -tvzf -', { input: bytes.toString('base64') })
  const links = stdout.split('\n').filter((line) => line.startsWith('l'))
  expect(links).toHaveLength(1)
  expect(links[0]).toMatch(
    /\.auroraversion -> src\/main\/resources\/apache\/aurora\/client\/cli\/\.auroraversion$/,
  )
  expect(stdout).toMatch(/^-rw-r--r-- .*build-support\/zip-file\.mjs$/m)
  expect(stdout).toMatch(/^-rwxr-xr-x .*\/pants$/m)
})

test('no placeholder of a version is left', async () => {
  const releases = [
    await mesosRelease('0.20.1'),
    await auroraRelease('0.7.0-incubating', '0.20.1'),
    await auroraRelease('0.8.0', '0.22.0'),
  ]
  for (const { bytes } of releases) {
    expect(bytes.toString()).not.toMatch(/@(VERSION|MESOS_VERSION|GRADLE|INSTALL|PANTS|MESOS_ROOT)@/)
  }
})

test('the configuration knows the digests before any file is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const facts = { root: folder, folder: join(folder, '.cache/sandbox'), ports: {} }
  const { mesos, aurora, downloads } = await sandbox.config(facts)
  expect(readdirSync(folder)).toEqual([])

  await sandbox.prepare!(facts)
  for (const { source, sha256 } of [mesos, aurora, downloads.maven])
    expect(digestOf(readFileSync(source!))).toBe(sha256)
  rmSync(folder, { recursive: true })
})
