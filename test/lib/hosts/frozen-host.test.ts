import { afterEach, beforeEach, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Fleet, HostSession } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

let sshd: Sshd
let fleet: Fleet
let session: HostSession

beforeEach(async () => {
  sshd = await startSshd()
  fleet = openFleet(sshd.cluster)
  session = await fleet.session(sshd.host)
})
afterEach(async () => {
  await fleet?.close()
  await sshd?.stop()
})

it('counts as lost after four keepalives, and is connected to anew', { timeout: 60_000 }, async () => {
  await sshd.freezeConnections()
  const lost = { kind: 'connection-lost', host: 'host-1' }
  expect(await failureOf(session.exec(['true']))).toEqual(lost)
  expect((await session.exec(['echo', 'back'])).stdout).toBe('back\n')
})

it('does not keep anybody who leaves it', async () => {
  await sshd.freezeConnections()
  const asked = failureOf(session.exec(['true']))
  await fleet.close()
  expect(await asked).toMatchObject({ kind: 'connection-lost' })
})
