import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Failure } from '../../../lib/model/failure.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import { isRoot, smallDisk } from '../../rig/small-disk.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

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

const there = (path: string) => join(sshd.host.root, path)
const store = '/var/lib/aurora-mesosphere/store'

/** @returns how it failed, and the progress that was told before */
const upload = async (size: number): Promise<{ failure: Failure; told: number[] }> => {
  const content = randomBytes(size)
  const path = join(sshd.folder, 'big')
  writeFileSync(path, content)
  const file = { path, digest: digestOf(content), size, executable: false }
  const session = await fleet.session(sshd.host)
  const told: number[] = []
  const failure = await failureOf(session.upload([file], '/opt/place', (done) => told.push(done)))
  return { failure, told }
}

it.runIf(isRoot)(
  'nothing is sent to a disk that is too small for it, and both figures are told',
  async () => {
    smallDisk(there(store), { bytes: 65_536 })
    const { failure, told } = await upload(200_000)
    const path = there(store)
    expect(failure).toEqual({ kind: 'no-space', host: 'host-1', path, needed: 200_000, free: 65_536 })
    expect(told).toEqual([])
    expect(readdirSync(path)).toEqual([])
  },
)

it.runIf(isRoot)('nothing is sent where the disk of the final place is too small for it', async () => {
  smallDisk(there('/opt/place'), { bytes: 65_536 })
  const { failure, told } = await upload(200_000)
  const path = there('/opt/place')
  expect(failure).toEqual({ kind: 'no-space', host: 'host-1', path, needed: 200_000, free: 65_536 })
  expect(told).toEqual([])
  expect(readdirSync(path)).toEqual([])
})

it.runIf(isRoot)('a disk that holds the content once, but not twice, is too small', async () => {
  smallDisk(sshd.host.root, { bytes: 327_680 })
  mkdirSync(there(store), { recursive: true })
  mkdirSync(there('/var/lib/aurora-mesosphere/receipts'))
  const { failure, told } = await upload(200_000)
  expect(failure).toMatchObject({ kind: 'no-space', path: there(store), needed: 400_000 })
  expect(told).toEqual([])
})

it.runIf(isRoot)('a disk on which no more files can be made is told apart', async () => {
  smallDisk(there('/opt/place'), { bytes: 1_000_000, files: 3 })
  for (const name of ['one', 'two']) writeFileSync(there(`/opt/place/${name}`), '')
  const { failure, told } = await upload(1000)
  expect(failure).toEqual({ kind: 'no-space', host: 'host-1', path: there('/opt/place'), noMoreFiles: true })
  expect(told).toEqual([])
})

it.runIf(isRoot)('a disk that is filled during the transfer is told apart', async () => {
  smallDisk(there(store), { bytes: 40_000_000 })
  const content = randomBytes(30_000_000)
  const path = join(sshd.folder, 'long')
  writeFileSync(path, content)
  const file = { path, digest: digestOf(content), size: content.length, executable: false }
  const session = await fleet.session(sshd.host)
  const fill = () =>
    existsSync(there(`${store}/filler`)) || writeFileSync(there(`${store}/filler`), randomBytes(30_000_000))
  const failure = await failureOf(session.upload([file], '/opt/elsewhere', (done) => done > 0 && fill()))
  expect(failure).toMatchObject({ kind: 'no-space', host: 'host-1' })
  expect(existsSync(there('/opt/elsewhere'))).toBe(false)
})
