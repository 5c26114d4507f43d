import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Fleet, HostSession } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'
import { failureOf } from './contract.ts'

let sshd: Sshd
let fleet: Fleet
let session: HostSession

beforeAll(async () => {
  sshd = await startSshd()
  fleet = openFleet(sshd.cluster)
  session = await fleet.session(sshd.host)
})
afterAll(async () => {
  await fleet?.close()
  await sshd?.stop()
})

/** A command that says nothing, and a child of it that listens to no signal. They write down who they are. */
const silent = (name: string) => [
  'bash',
  '-c',
  `(trap '' TERM HUP; echo $BASHPID >"$ROOT/${name}.child"; while :; do sleep 1; done) &
   echo $$ >"$ROOT/${name}.self"; wait`,
]

async function processesOf(name: string): Promise<number[]> {
  const files = ['self', 'child'].map((part) => join(sshd.host.root, `${name}.${part}`))
  await until(() => files.every((file) => existsSync(file) && readFileSync(file, 'utf8') !== ''))
  return files.map((file) => Number(readFileSync(file, 'utf8')))
}

/** A dead process that nobody has buried yet is none. */
const areAlive = (pids: number[]) =>
  pids.filter(
    (pid) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
  )

it('a command that is interrupted is ended with all that it has started', async () => {
  const stop = new AbortController()
  const running = failureOf(session.exec(silent('stopped'), { signal: stop.signal })).catch((error) => error)
  const pids = await processesOf('stopped')
  expect(areAlive(pids)).toEqual(pids)
  stop.abort('SIGINT')
  expect(String(await running)).toContain('SIGINT')
  expect(areAlive(pids)).toEqual([])
})

it('a command whose connection is lost has ended when that is told', async () => {
  const running = failureOf(session.exec(silent('dropped')))
  const pids = await processesOf('dropped')
  await sshd.dropConnections()
  expect(await running).toEqual({ kind: 'connection-lost', host: 'host-1' })
  expect(areAlive(pids)).toEqual([])
})
