import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import { EngineRig } from '../../rig/engine.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'

/** What a task has brought home lies with one operator alone; the host, which all share, may have it still. */

let sshd: Sshd
const fleets: Fleet[] = []

beforeAll(async () => {
  sshd = await startSshd()
})
afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()))
  rmSync(sshd.host.root, { recursive: true, force: true })
  mkdirSync(sshd.host.root)
})
afterAll(() => sshd?.stop())

const there = (path: string) => join(sshd.host.root, path)
const packedTimes = () => readFileSync(there('/srv/packed'), 'utf8').length

/** An operator's workspace: `pack` makes an archive and a list on the host and brings both home, `use` reads them there. */
function operator({ beforeFetching = () => {} } = {}) {
  const rig = new EngineRig()
  const fleet = openFleet(sshd.cluster)
  fleets.push(fleet)
  rig.fleet = {
    ...fleet,
    session: async (host) => {
      const session = await fleet.session(host)
      return {
        ...session,
        download: async (...files) => {
          beforeFetching()
          await session.download(...files)
        },
      }
    },
  }
  const pack = rig.task({
    name: 'pack',
    on: 'hosts',
    outputs: { files: ['/srv/archive'] },
    collect: { files: ['/srv/archive', '/srv/*.list'] },
    async run({ host }) {
      const make =
        'mkdir -p $ROOT/srv; cd $ROOT/srv; echo packed >archive; echo one >a.list; printf x >>packed'
      await host.exec(['sh', '-c', make.replaceAll('$ROOT', sshd.host.root)])
    },
  })
  rig.task({
    name: 'use',
    needs: [pack],
    outputs: { files: ['used'] },
    async run({ root, outputs }) {
      const read = outputs(pack).map((path) => readFileSync(join(root, path), 'utf8'))
      writeFileSync(join(root, 'used'), read.join(''))
    },
  })
  return rig
}

const missing = (path: string) => ({ kind: 'output-missing', path })
const missingHere = (path: string) => ({ ...missing(path), from: 'host-1' })
const bothMissing = ['dist/a.list', 'dist/archive'].map(missing)

test('what another operator brought home comes from the host, as --dry-run said, and is used', async () => {
  await operator().run(['use'])
  const second = operator()
  const reasons = ['dist/a.list', 'dist/archive'].map(missingHere)
  expect(await second.look(['use'])).toMatchObject({
    'pack@host-1': { status: 'restored', reasons },
    use: { status: 'ran' },
  })
  expect(existsSync(join(second.root, 'dist'))).toBe(false)
  const run = await second.run(['use'])
  expect(run.statuses).toEqual({ 'pack@host-1': 'restored', use: 'ran' })
  expect(run.reasons['pack@host-1']).toEqual(reasons)
  expect(readFileSync(join(second.root, 'used'), 'utf8')).toBe('one\npacked\n')
  expect(packedTimes()).toBe(1)
  expect((await second.run(['use'])).statuses).toEqual({ 'pack@host-1': 'up-to-date', use: 'up-to-date' })
})

test('what came from the host once is put back from the cache', async () => {
  await operator().run(['pack'])
  const second = operator()
  await second.run(['pack'])
  rmSync(join(second.root, 'dist/archive'))
  const { statuses, reasons } = await second.run(['pack'])
  expect(statuses).toEqual({ 'pack@host-1': 'restored' })
  expect(reasons['pack@host-1']).toEqual([missing('dist/archive')])
})

test.each([
  ['is gone', () => rmSync(there('/srv/a.list'))],
  ['is another', () => writeFileSync(there('/srv/a.list'), 'two\n')],
])('where a file %s on the host, the task runs again', async (_, change) => {
  await operator().run(['pack'])
  change()
  const second = operator()
  expect(await second.look(['pack'])).toEqual({ 'pack@host-1': { status: 'ran', reasons: bothMissing } })
  const { statuses, reasons } = await second.run(['pack'])
  expect(statuses).toEqual({ 'pack@host-1': 'ran' })
  expect(reasons['pack@host-1']).toEqual(bothMissing)
  expect(readFileSync(join(second.root, 'dist/a.list'), 'utf8')).toBe('one\n')
})

test.each([
  ['is gone', () => rmSync(there('/srv/archive'))],
  ['has become another', () => writeFileSync(there('/srv/archive'), 'other!\n')],
])('where a file %s when it is fetched, the task runs again', async (_, change) => {
  await operator().run(['pack'])
  let isChanged = false
  const beforeFetching = () => {
    if (!isChanged) change()
    isChanged = true
  }
  const second = operator({ beforeFetching })
  const { statuses, reasons } = await second.run(['pack'])
  expect(statuses).toEqual({ 'pack@host-1': 'ran' })
  expect(reasons['pack@host-1']).toEqual(bothMissing)
  expect(readFileSync(join(second.root, 'dist/archive'), 'utf8')).toBe('packed\n')
  expect(packedTimes()).toBe(2)
})
