import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Event } from '../../../lib/model/event.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import type { Task } from '../../../lib/model/task.ts'
import { EngineRig } from '../../rig/engine.ts'
import { LeaseFolder } from '../../rig/lease-folder.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'

let sshd: Sshd
let lease: LeaseFolder
const fleets: Fleet[] = []

beforeAll(async () => {
  sshd = await startSshd()
  lease = new LeaseFolder(sshd.host)
})
afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()))
  rmSync(sshd.host.root, { recursive: true, force: true })
  mkdirSync(sshd.host.root)
})
afterAll(() => sshd?.stop())

const patient = { timeout: 60_000 }
const there = (path: string) => join(sshd.host.root, path)

/** An operator's workspace, whose cluster is that one host. */
function operator(): EngineRig {
  const rig = new EngineRig()
  rig.fleet = openFleet(sshd.cluster)
  rig.lease = sshd.host
  fleets.push(rig.fleet)
  return rig
}

/** Declares a task that writes its version to the host. `gate`: what it waits for when it has begun. */
function deploys(
  rig: EngineRig,
  name: string,
  version: string,
  { gate = Promise.resolve(), needs = [] as Task[] } = {},
) {
  const done = { begun: false }
  const task = rig.task({
    name,
    needs,
    on: 'hosts',
    inputs: { values: { version } },
    outputs: { files: [`/srv/${name}`] },
    async run({ host }) {
      done.begun = true
      await gate
      await host.exec(['sh', '-c', `mkdir -p "$ROOT/srv" && echo ${version} >"$ROOT/srv/${name}"`])
    },
  })
  return { done, task }
}

function newGate() {
  let open = () => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  return { gate, open: () => open() }
}

const waits = (events: Event[]) =>
  events.some((event) => event.type === 'warning' && event.warning.kind === 'waits-for-lease')

/** An operator in a process of its own, see `programs/deploy.ts`. */
function separateProcess(rig = operator()) {
  rig.write({ 'remote-scripts/deploy.sh': 'touch "$1"\n' })
  const program = fileURLToPath(new URL('programs/deploy.ts', import.meta.url))
  const wanted = JSON.stringify({ root: rig.root, cluster: sshd.cluster })
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, wanted], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(([exitCode]) => exitCode)
  const begun = () => vi.waitUntil(() => existsSync(join(rig.root, 'begun')), patient)
  return { rig, child, ended, begun }
}

test('a run that changes a host has the lease, and gives it back; looking and an idle run take none', async () => {
  const rig = operator()
  deploys(rig, 'deploy', 'v1')
  await rig.look(['deploy'])
  expect(readdirSync(sshd.host.root)).toEqual([])
  expect((await rig.run(['deploy'])).end.exitCode).toBe(0)
  expect(lease.files).toEqual(['1', '1.beat', '1.end'])
  expect((await rig.run(['deploy'])).statuses).toEqual({ 'deploy@host-1': 'up-to-date' })
  await rig.look(['deploy'])
  expect(lease.files).toEqual(['1', '1.beat', '1.end'])
})

test('a run that finds another at work changes nothing, tells once whose it is, and ends with 3', async () => {
  const [first, second] = [operator(), operator()]
  const { gate, open } = newGate()
  const { done } = deploys(first, 'deploy', 'v1', { gate })
  for (const name of ['deploy', 'other']) deploys(second, name, 'v2')
  const going = first.run(['deploy'])
  await vi.waitUntil(() => done.begun, patient)
  const { end, statuses, failures } = await second.run(['deploy', 'other'], { keepGoing: true })
  expect(end.exitCode).toBe(3)
  expect(Object.values(statuses).sort()).toEqual(['cancelled', 'failed'])
  expect(Object.values(failures)).toContainEqual({
    kind: 'lease-held',
    by: expect.objectContaining({ pid: process.pid, command: 'run deploy', ageMs: expect.any(Number) }),
  })
  expect(existsSync(there('srv'))).toBe(false)
  open()
  expect((await going).end.exitCode).toBe(0)
})

test('a run that waits goes on when the other has ended, and does not do again what that has done', async () => {
  const [first, second] = [operator(), operator()]
  const { gate, open } = newGate()
  const { done } = deploys(first, 'deploy', 'v1', { gate })
  const again = deploys(second, 'deploy', 'v1')
  const going = first.run(['deploy'])
  await vi.waitUntil(() => done.begun, patient)
  const events: Event[] = []
  const waiting = second.run(['deploy'], { wait: true }, undefined, events)
  await vi.waitUntil(() => waits(events), patient)
  open()
  await going
  expect((await waiting).statuses).toEqual({ 'deploy@host-1': 'up-to-date' })
  expect(again.done.begun).toBe(false)
})

test('a run that waited stops where what it had found up to date was changed meanwhile', async () => {
  const [first, second] = [operator(), operator()]
  const base = deploys(second, 'base', 'v1')
  const top = deploys(second, 'top', 'v1', { needs: [base.task] })
  await second.run(['base'])
  const { gate, open } = newGate()
  const { done } = deploys(first, 'other', 'v1', { gate })
  const going = first.run(['other'])
  await vi.waitUntil(() => done.begun, patient)
  const events: Event[] = []
  const waiting = second.run(['top'], { wait: true }, undefined, events)
  await vi.waitUntil(() => waits(events), patient)
  rmSync(there('srv/base'))
  open()
  await going
  const { end, statuses, warnings } = await waiting
  expect(end.exitCode).toBe(3)
  expect(statuses).toEqual({ 'base@host-1': 'up-to-date', 'top@host-1': 'cancelled' })
  expect(warnings).toContainEqual({ kind: 'changed-before-lease', task: 'base@host-1' })
  expect(top.done.begun).toBe(false)
  expect(lease.files).toContain('3.end')
})

test('a run that waited stops where what was left out of it was made anew meanwhile', async () => {
  const [first, second] = [operator(), operator()]
  const base = deploys(second, 'base', 'v1')
  const top = deploys(second, 'top', 'v1', { needs: [base.task] })
  await second.run(['base'])
  const { gate, open } = newGate()
  const { done, task } = deploys(first, 'other', 'v1', { gate })
  deploys(first, 'base', 'v2', { needs: [task] })
  const going = first.run(['base'])
  await vi.waitUntil(() => done.begun, patient)
  const events: Event[] = []
  const waiting = second.run(['top'], { only: true, wait: true }, undefined, events)
  await vi.waitUntil(() => waits(events), patient)
  open()
  await going
  const { end, warnings } = await waiting
  expect(end.exitCode).toBe(3)
  expect(warnings).toContainEqual({ kind: 'changed-before-lease', task: 'base@host-1' })
  expect(top.done.begun).toBe(false)
})

test('an interrupted run gives the lease back', async () => {
  const rig = operator()
  const { done } = deploys(rig, 'deploy', 'v1', { gate: new Promise(() => {}) })
  const stop = new AbortController()
  const going = rig.run(['deploy'], {}, stop.signal)
  await vi.waitUntil(() => done.begun, patient)
  stop.abort('SIGINT')
  expect((await going).end.exitCode).toBe(130)
  expect(lease.files).toContain('1.end')
})

test('an owner is heard of while it works, and stops when somebody else has the lease', async () => {
  const [first, second] = [operator(), operator()]
  const { done } = deploys(first, 'deploy', 'v1', { gate: new Promise(() => {}) })
  deploys(second, 'deploy', 'v2')
  const going = first.run(['deploy'])
  await vi.waitUntil(() => done.begun, patient)
  lease.age()
  const { beat } = lease
  await vi.waitUntil(() => lease.beat !== beat, patient)
  lease.age()
  const { statuses, warnings } = await second.run(['deploy'])
  expect(statuses).toEqual({ 'deploy@host-1': 'ran' })
  expect(warnings).toContainEqual({
    kind: 'lease-taken-over',
    from: expect.objectContaining({ command: 'run deploy' }),
  })
  const ended = await going
  expect(ended.end.exitCode).toBe(3)
  expect(ended.warnings).toContainEqual({ kind: 'lease-lost', to: expect.anything() })
  expect(readFileSync(there('srv/deploy'), 'utf8')).toBe('v2\n')
})

test('an operator who was frozen, and thaws after another has taken over, changes nothing any more', async () => {
  const frozen = separateProcess()
  await frozen.begun()
  frozen.child.kill('SIGSTOP')
  lease.age()
  const other = operator()
  deploys(other, 'deploy', 'v2')
  expect((await other.run(['deploy'])).end.exitCode).toBe(0)
  const receipt = readFileSync(there('var/lib/aurora-mesosphere/receipts/deploy'))
  frozen.rig.write({ go: '' })
  frozen.child.kill('SIGCONT')
  expect(await frozen.ended).toBe(3)
  expect(readdirSync(there('srv'))).toEqual(['deploy'])
  expect(readFileSync(there('var/lib/aurora-mesosphere/receipts/deploy'))).toEqual(receipt)
  expect(existsSync(join(frozen.rig.root, '.cache/records/deploy@host-1'))).toBe(false)
})

test('the lease of an operator who was killed is free for the same workspace at once', async () => {
  const killed = separateProcess()
  await killed.begun()
  killed.child.kill('SIGKILL')
  await killed.ended
  killed.rig.write({ go: '' })
  expect(await separateProcess(killed.rig).ended).toBe(0)
  expect(readdirSync(there('srv')).sort()).toEqual(['by-command', 'by-script', 'deploy.sh'])
})

test('the lease of an operator who was killed is free for others when it has expired', async () => {
  const killed = separateProcess()
  await killed.begun()
  killed.child.kill('SIGKILL')
  await killed.ended
  const other = operator()
  deploys(other, 'deploy', 'v2')
  expect((await other.run(['deploy'])).end.exitCode).toBe(3)
  lease.age()
  expect((await other.run(['deploy'])).end.exitCode).toBe(0)
})
