import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Reason } from '../../../lib/model/reason.ts'
import { EngineRig } from '../../rig/engine.ts'
import { changeHostWorld, changeMachines, changesHostWorld } from './host-edits.ts'
import {
  type Ended,
  flavourFile,
  type HostFiles,
  type HostWorld,
  type Made,
  play,
  type Standing,
} from './host-oracle.ts'
import { declareHostTasks } from './host-tasks.ts'
import { Machine, MadeUpFleet } from './made-up-fleet.ts'
import { property } from './property.ts'
import { type HostGroup, type HostStory, hostStory } from './random-host-world.ts'

property(
  'whatever happens to hosts, a run does exactly what has to be done, as --dry-run said, and leaves what a first deployment leaves',
  hostStory,
  60,
  live,
)

interface Life {
  rig: EngineRig
  machines: Record<string, Machine>
  ran: Standing['ran']
  receipts: Standing['receipts']
}

async function live({ start, groups }: HostStory): Promise<void> {
  const rig = new EngineRig()
  try {
    const machines = Object.fromEntries(['m', 's1', 's2', 's3'].map((name) => [name, new Machine()]))
    const life: Life = { rig, machines, ran: new Set(), receipts: {} }
    let now = structuredClone(start)
    await checkRun(life, now, { noCache: false })
    for (const group of groups) {
      const before = structuredClone(now)
      apply(life, now, group)
      await checkRun(life, now, group)
      for (const step of now.steps) step.fails = false
      if (!group.undo) continue
      now = before
      await checkRun(life, now, group)
    }
  } finally {
    rmSync(rig.root, { recursive: true, force: true })
  }
}

function apply({ rig, machines, ran }: Life, world: HostWorld, { edits, lost }: HostGroup): void {
  for (const edit of edits)
    if (changesHostWorld(edit)) changeHostWorld(world, edit)
    else changeMachines({ root: rig.root, steps: world.steps.length, machines }, edit)
  for (const folder of lost) rmSync(join(rig.root, folder), { recursive: true, force: true })
  if (lost.length > 0) ran.clear()
}

async function checkRun(
  life: Life,
  world: HostWorld,
  { target, noCache }: Pick<HostGroup, 'target' | 'noCache'>,
) {
  const { rig, machines } = life
  const all = world.steps.map((_, index) => index)
  const asked = target === undefined ? all : [target % all.length]
  declareHostTasks(rig, world)
  rig.fleet = new MadeUpFleet(machines, { one: ['m'], many: world.members }, world.platform)
  const targets = asked.map((index) => `t${index}`)
  const options = { noCache, keepGoing: true }
  const standing = standingOf(life)
  const played = play(world, standing, asked, noCache)
  const steps = world.steps.map((step) => ({ ...step, fails: false }))
  const fresh = play({ ...world, steps }, firstDeployment(life), asked, noCache)

  const looked = await rig.look(targets, options)
  const { statuses, warnings } = await rig.run(targets, options)

  const ends = Object.entries(statuses).map(([id, status]) => [id, endOf(status)])
  expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(played.map(({ id, end }) => [id, end])))
  expectAgreement(looked, statuses, played)
  expect(warnings.filter(({ kind }) => kind !== 'output-edited')).toEqual([])
  for (const { id, made } of played) {
    if (!made) continue
    const clean = fresh.find((one) => one.id === id)!.made
    expect({ [id]: found(life, id, made) }).toEqual({ [id]: { ...clean?.outputs, ...clean?.collected } })
  }
  life.receipts = standing.receipts
}

/** A host that has no receipt any more has forgotten. */
function standingOf({ machines, ran, receipts }: Life): Standing {
  const remembered = Object.entries(receipts).filter(([id]) => {
    const [task, host] = id.split('@')
    return machines[host!]!.receipts[task!]
  })
  return { hosts: filesOf(machines), down: downOf(machines), ran, receipts: Object.fromEntries(remembered) }
}

function firstDeployment({ machines }: Life): Standing {
  const hosts = Object.entries(filesOf(machines)).map(([name, files]) => [name, onlyFlavour(files)])
  return { hosts: Object.fromEntries(hosts), down: downOf(machines), ran: new Set(), receipts: {} }
}

function onlyFlavour({ [flavourFile]: flavour }: HostFiles): HostFiles {
  return flavour === undefined ? {} : { [flavourFile]: flavour }
}

function filesOf(machines: Life['machines']): Standing['hosts'] {
  return Object.fromEntries(Object.entries(machines).map(([name, { files }]) => [name, { ...files }]))
}

function downOf(machines: Life['machines']): string[] {
  return Object.keys(machines).filter((name) => machines[name]!.isDown)
}

function endOf(status: string): string {
  return status === 'up-to-date' || status === 'restored' ? 'stands' : status
}

/** What looking says comes true; what it leaves open it leaves to a needed task that would run, or to a host that is down. */
function expectAgreement(
  looked: Record<string, { status: string; reasons: Reason[] }>,
  statuses: Record<string, string>,
  played: Ended[],
): void {
  expect(Object.keys(looked).sort()).toEqual(Object.keys(statuses).sort())
  for (const { id, end } of played) {
    const { status, reasons } = looked[id]!
    if (status === 'unknown') expect({ [id]: blamed(reasons, looked) }).toEqual({ [id]: 'right' })
    else if (end !== 'blocked')
      expect({ [id]: status }).toEqual({ [id]: statuses[id]!.replace('failed', 'ran') })
  }
}

function blamed(reasons: Reason[], looked: Record<string, { status: string }>): string {
  const isOpen = (id: string) => ['ran', 'unknown'].includes(looked[id]!.status)
  const isRight = (reason: Reason) =>
    reason.kind === 'unreachable' || (reason.kind === 'waits-for' && isOpen(reason.task))
  return reasons.length > 0 && reasons.every(isRight) ? 'right' : JSON.stringify(reasons)
}

function found({ rig, machines }: Life, id: string, { outputs, collected }: Made): HostFiles {
  const host = id.split('@')[1]
  const read = (path: string) =>
    path.startsWith('/') ? machines[host!]!.files[path]! : readFileSync(join(rig.root, path), 'utf8')
  return Object.fromEntries(
    [...Object.keys(outputs), ...Object.keys(collected)].map((path) => [path, read(path)]),
  )
}
