import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Failure } from '../../../lib/model/failure.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import type { TaskOptions } from '../../../lib/model/task.ts'
import { EngineRig } from '../../rig/engine.ts'
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

const state = '/var/lib/aurora-mesosphere'
const fill = `head -c 262144 /dev/zero >"$ROOT${state}/filler" || true`

/** Runs a task on the host, where all that we keep there is on a small disk of its own. */
async function failureOnSmallDisk(script: string, run: TaskOptions<unknown>['run']): Promise<Failure> {
  smallDisk(there(state), { bytes: 262_144 })
  const rig = new EngineRig()
  rig.fleet = openFleet(sshd.cluster)
  onTestFinished(() => rig.fleet.close())
  rig.write({ 'remote-scripts/work.sh': script })
  rig.task({ name: 'work', on: 'hosts', inputs: { files: ['remote-scripts/work.sh'] }, run })
  return (await rig.run(['work'])).failures['work@host-1']!
}

it.runIf(isRoot)('a script that there is no room for is not started, and says so', async () => {
  const failure = await failureOnSmallDisk('true', async ({ host }) => {
    await host.exec(['sh', '-c', fill])
    await host.script('work.sh')
  })
  const path = there(`${state}/jobs`)
  expect(failure).toMatchObject({ kind: 'no-space', host: 'host-1', path, free: 0 })
})

it.runIf(isRoot)(
  'a script that fills the disk so that its result cannot be written is told as that',
  async () => {
    const failure = await failureOnSmallDisk(fill, ({ host }) => host.script('work.sh'))
    const path = expect.stringContaining(there(`${state}/jobs/work.`))
    expect(failure).toEqual({ kind: 'no-space', host: 'host-1', path })
  },
)

it.runIf(isRoot)('so is a receipt that cannot be written', async () => {
  const failure = await failureOnSmallDisk('', async ({ host }) => void (await host.exec(['sh', '-c', fill])))
  const path = there(`${state}/receipts/work`)
  expect(failure).toMatchObject({ kind: 'no-space', host: 'host-1', path, free: 0 })
})
