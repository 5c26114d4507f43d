import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Failure } from '../../../lib/model/failure.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

const isRoot = process.getuid?.() === 0
let sshd: Sshd
let fleet: Fleet

beforeAll(async () => {
  sshd = await startSshd()
  fleet = openFleet(sshd.cluster)
})
afterAll(async () => {
  await fleet?.close()
  await sshd?.stop()
})

/** A disk of 64 kB, which only root can make. */
const withSmallDisk = async (path: string, work: () => Promise<void>) => {
  mkdirSync(path, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path])
  try {
    await work()
  } finally {
    execFileSync('umount', [path])
  }
}

const upload = async (): Promise<Failure> => {
  const content = randomBytes(200_000)
  const path = join(sshd.folder, 'big')
  writeFileSync(path, content)
  const file = { path, digest: digestOf(content), size: content.length, executable: false }
  const session = await fleet.session(sshd.host)
  return failureOf(session.upload([file], '/opt/place', () => {}))
}
const there = (path: string) => join(sshd.host.root, path)

it.runIf(isRoot)('a full disk for what is sent is told apart, and named', async () => {
  const store = there('/var/lib/aurora-mesosphere/store')
  await withSmallDisk(store, async () => {
    const failure = await upload()
    expect(failure).toMatchObject({ kind: 'no-space', host: 'host-1', path: expect.stringContaining(store) })
  })
})

it.runIf(isRoot)('a full disk at the final place is told apart, and nothing is left there', async () => {
  await withSmallDisk(there('/opt/place'), async () => {
    expect(await upload()).toEqual({ kind: 'no-space', host: 'host-1', path: there('/opt/place') })
    expect(readdirSync(there('/opt/place'))).toEqual([])
  })
})
