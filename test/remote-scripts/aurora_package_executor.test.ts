import { execFileSync } from 'node:child_process'
import { chmodSync, utimesSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'

const names = ['thermos_executor.pex', 'gc_executor.pex']
const env = { AURORA_HOME: '/usr/local/aurora', PACKAGE: '/var/package/executor.tar.gz' }
const pack = () => host.run('aurora_package_executor.sh', { env, args: names })

let host: HostFolder
beforeEach(() => {
  host = new HostFolder()
  for (const name of names) host.write(`/usr/local/aurora/dist/${name}`, `content of ${name}`)
})
afterEach(() => host.remove())

it('packs the files, executable, with their digests', async () => {
  expect(await pack()).toMatchObject({ exitCode: 0, changes: ['/var/package/executor.tar.gz'] })
  const listing = execFileSync('tar', ['-tvzf', host.path(env.PACKAGE), '--numeric-owner'], {
    encoding: 'utf8',
  })
  expect(
    listing
      .trim()
      .split('\n')
      .map((line) => line.replace(/\s+\d+ \d{4}-.*\d\d:\d\d /, ' ')),
  ).toEqual([
    '-rw-r--r-- 0/0 SHA256SUMS',
    '-rwxr-xr-x 0/0 gc_executor.pex',
    '-rwxr-xr-x 0/0 thermos_executor.pex',
  ])
})

it('makes the same bytes of the same content, whenever and however it was made', async () => {
  await pack()
  const before = host.bytes(env.PACKAGE)
  for (const name of names) {
    utimesSync(host.path(`/usr/local/aurora/dist/${name}`), 1, 1)
    chmodSync(host.path(`/usr/local/aurora/dist/${name}`), 0o600)
  }
  host.write(env.PACKAGE, 'damaged')
  await pack()
  expect(host.bytes(env.PACKAGE).equals(before)).toBe(true)
})

it('has nothing to change the second time', async () => {
  await pack()
  expect((await pack()).changes).toEqual(['nothing to change'])
})

it('makes other bytes of another content', async () => {
  await pack()
  host.write('/usr/local/aurora/dist/gc_executor.pex', 'another')
  expect((await pack()).changes).toEqual(['/var/package/executor.tar.gz'])
})

it('fails when a file is missing, and leaves the archive that was there', async () => {
  await pack()
  const before = host.bytes(env.PACKAGE)
  const ran = await host.run('aurora_package_executor.sh', { env, args: ['no_such.pex'] })
  expect(ran.exitCode).not.toBe(0)
  expect(host.bytes(env.PACKAGE).equals(before)).toBe(true)
})
