import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Fleet, HostSession, LocalFile } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

let sshd: Sshd
let fleet: Fleet
let session: HostSession
let here: string

beforeAll(async () => {
  sshd = await startSshd()
  fleet = openFleet(sshd.cluster, { patience: 1000 })
  session = await fleet.session(sshd.host)
  here = mkdtempSync(join(tmpdir(), 'transfer-'))
})
afterAll(async () => {
  await fleet?.close()
  await sshd?.stop()
  rmSync(here, { recursive: true })
})
beforeEach(() => rmSync(there('/opt'), { recursive: true, force: true }))

const there = (path: string) => join(sshd.host.root, path)
const store = '/var/lib/aurora-mesosphere/store'

const local = (name: string, content = randomBytes(20_000_000)): LocalFile => {
  const path = join(here, name)
  writeFileSync(path, content)
  return { path, digest: digestOf(content), size: content.length, executable: false }
}

/** Uploads, and does something once the first bytes have arrived. */
const uploadWhile = (file: LocalFile, meanwhile: () => void) => {
  let begun = false
  return session.upload([file], '/opt', (moved) => {
    if (moved > 0 && !begun) meanwhile()
    begun ||= moved > 0
  })
}

it('a file that is truncated while it is sent is not put in place', async () => {
  const file = local('truncated')
  const failure = await failureOf(uploadWhile(file, () => truncateSync(file.path, 1000)))
  expect(failure).toEqual({ kind: 'changed-while-sent', host: 'host-1', path: file.path })
  expect(existsSync(there('/opt/truncated'))).toBe(false)
})

it('a file that is written over while it is sent is not put in place, and not sent again', async () => {
  const file = local('rewritten')
  let sent = 0
  const writeOver = () => writeFileSync(file.path, randomBytes(file.size), { flag: 'r+' })
  const failure = await failureOf(
    session.upload([file], '/opt', (moved) => {
      if (moved > 0 && sent === 0) writeOver()
      sent = moved
    }),
  )
  expect(failure).toEqual({ kind: 'changed-while-sent', host: 'host-1', path: file.path })
  expect(sent).toBe(file.size)
  expect(readdirSync(there('/opt'))).toEqual([])
  expect(existsSync(there(`${store}/${file.digest}`))).toBe(false)
})

it('a file that is deleted before it is sent is told', async () => {
  const file = local('deleted')
  rmSync(file.path)
  const failure = await failureOf(session.upload([file], '/opt', () => {}))
  expect(failure).toEqual({ kind: 'changed-while-sent', host: 'host-1', path: file.path })
})

it('a file that grows while it is sent arrives as it was promised', async () => {
  const file = local('grown')
  await uploadWhile(file, () => appendFileSync(file.path, 'more'))
  expect(digestOf(readFileSync(there('/opt/grown')))).toBe(file.digest)
})

it('a file that is replaced while it is sent arrives as it was promised', async () => {
  const file = local('replaced')
  const next = local('next')
  await uploadWhile(file, () => renameSync(next.path, file.path))
  expect(digestOf(readFileSync(there('/opt/replaced')))).toBe(file.digest)
})

it('what is on its way can be read by nobody else', async () => {
  const file = local('private')
  const modes: number[] = []
  await uploadWhile(file, () => void modes.push(statSync(there(`${store}/${file.digest}.part`)).mode & 0o777))
  expect(modes).toEqual([0o600])
  expect(statSync(there(store)).mode & 0o777).toBe(0o700)
})

it('a transfer that stands still is tried again, and goes on where it was', async () => {
  const file = local('stopped', randomBytes(60_000_000))
  const moved: number[] = []
  let frozen = false
  await session.upload([file], '/opt', (done) => {
    moved.push(done)
    if (done > 8_000_000 && !frozen) sshd.freezeSftp()
    frozen ||= done > 8_000_000
  })
  expect(digestOf(readFileSync(there('/opt/stopped')))).toBe(file.digest)
  const begins = moved.flatMap((done, at) => (done === 0 ? [at] : []))
  expect(begins).toHaveLength(2)
  expect((moved[(begins[1] as number) - 1] as number) + (moved.at(-1) as number)).toBeLessThan(
    file.size + 5_000_000,
  )
})

it('a transfer that stands still whenever it is tried has stalled', async () => {
  const server = join(here, 'stuck-server')
  // Answers to the greeting, and to nothing after it.
  writeFileSync(
    server,
    '{ dd bs=1 count=60 2>/dev/null; exec cat >/dev/null; } | /usr/lib/openssh/sftp-server',
  )
  const stuck = await startSshd([`Subsystem sftp /bin/sh ${server}`])
  const itsFleet = openFleet(stuck.cluster, { patience: 100 })
  onTestFinished(async () => {
    await itsFleet.close()
    await stuck.stop()
  })
  const its = await itsFleet.session(stuck.host)
  mkdirSync(join(stuck.host.root, 'srv'))
  writeFileSync(join(stuck.host.root, 'srv/out'), 'content')
  const file = local('stuck', Buffer.from('content'))
  const home = join(here, 'home')
  const stalled = (path: string) => ({
    kind: 'stalled',
    host: 'host-1',
    detail: `${path}: nothing moved for 0.1 s`,
  })
  expect(await failureOf(its.upload([file], '/opt', () => {}))).toEqual(stalled(file.path))
  expect(existsSync(join(stuck.host.root, 'opt/stuck'))).toBe(false)
  expect(await failureOf(its.download(['/srv/out'], home, () => {}))).toEqual(stalled('/srv/out'))
  expect(readdirSync(home)).toEqual([])
}, 60_000)
