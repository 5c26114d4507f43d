import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digest } from '../../../lib/hosts/remote/shell-parts.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import { isInstalled, programsFolder } from '../../rig/programs-folder.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'digest-tools-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A host that has none of the programs that make digests, but for these. */
const hostWith = async (...programs: string[]) => {
  const path = programsFolder(mkdtempSync(join(folder, 'bin-')), ...programs)
  // A HOME without a .bashrc, which may put more programs on the PATH.
  const sshd = await startSshd([`SetEnv PATH=${path} HOME=${path}`])
  const fleet = openFleet(sshd.cluster)
  onTestFinished(async () => {
    await fleet.close()
    await sshd.stop()
  })
  return { session: await fleet.session(sshd.host), there: (at: string) => join(sshd.host.root, at) }
}

const file = (() => {
  const path = join(folder, 'file')
  writeFileSync(path, 'content')
  return { path, digest: digestOf('content'), size: 7, executable: false }
})()

const tools = ['sha256sum', 'shasum', 'openssl', 'busybox', 'python3', 'perl']

for (const tool of tools)
  it.runIf(isInstalled(tool))(`a host whose only program for digests is ${tool} will do`, async () => {
    const { session, there } = await hostWith(tool)
    await session.upload([file], '/opt/place', () => {})
    expect(readFileSync(there('/opt/place/file'), 'utf8')).toBe('content')
    mkdirSync(there('/srv'))
    writeFileSync(there('/srv/odd \\ name*'), 'odd')
    writeFileSync(there('/srv/empty'), '')
    expect(await session.digest(['/srv'])).toEqual({
      '/srv/empty': { digest: digestOf(''), size: 0, executable: false },
      '/srv/odd \\ name*': { digest: digestOf('odd'), size: 3, executable: false },
    })
  })

it('a host without any program for digests is told so before the first byte', async () => {
  const { session, there } = await hostWith()
  const refused = {
    kind: 'refused',
    problem: 'host-1 has no program that makes SHA-256 digests.',
    advice: expect.stringContaining('sha256sum'),
  }
  const sent: number[] = []
  expect(await failureOf(session.upload([file], '/opt/place', (done) => sent.push(done)))).toEqual(refused)
  expect(sent).toEqual([])
  expect(readdirSync(there('/var/lib/aurora-mesosphere/store'))).toEqual([])
  mkdirSync(there('/srv'))
  writeFileSync(there('/srv/a'), 'a')
  expect(await failureOf(session.digest(['/srv/a']))).toEqual(refused)
})

it('large files are digested beside small ones, whatever their names', async () => {
  const { session, there } = await hostWith('sha256sum', 'openssl')
  mkdirSync(there('/srv'))
  const sizes = { small: 1_000_000, 'limit \\': 1_048_064, 'large \\ name*': 1_048_065, '-large': 3_000_000 }
  for (const [name, size] of Object.entries(sizes))
    writeFileSync(there(`/srv/${name}`), Buffer.alloc(size, name))
  expect(await session.digest(['/srv'])).toEqual(
    Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => [
        `/srv/${name}`,
        { digest: digestOf(Buffer.alloc(size, name)), size, executable: false },
      ]),
    ),
  )
})

it('a program for digests that does not work is passed over', () => {
  const path = programsFolder(join(folder, 'broken'), 'openssl')
  for (const name of ['sha256sum', 'shasum'])
    writeFileSync(join(path, name), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const program = `${digest}\nprintf abc | digest`
  expect(execFileSync('sh', ['-c', program], { env: { PATH: path }, encoding: 'utf8' })).toBe(
    `${digestOf('abc')}\n`,
  )
})
