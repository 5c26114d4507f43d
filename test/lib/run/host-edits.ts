import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flavourFile, folderOf, type HostStep, type HostWorld, lifeOf, type Place } from './host-oracle.ts'
import type { Machine } from './made-up-fleet.ts'
import type { Changes } from './world-edits.ts'

/** `at` is a step, taken modulo their number. */
export type HostEdit = HostWorldEdit | MachineEdit

export type HostWorldEdit =
  | { kind: 'edit-content'; at: number; content: string }
  | { kind: 'edit-level'; at: number; by: number }
  | { kind: 'add-need'; at: number; need: number }
  | { kind: 'drop-need'; at: number }
  | { kind: 'flip'; at: number; what: 'collects' | 'probes' }
  | { kind: 'move-to'; at: number; on: Place }
  | { kind: 'set-members'; members: string[] }
  | { kind: 'set-platform'; platform: string }
  | { kind: 'fail'; at: number }

/** What happens to hosts, and to what was brought home from them, behind the engine's back. */
export type MachineEdit =
  | { kind: 'set-flavour'; on: string[]; flavour: string | null }
  | { kind: 'reinstall' | 'go-down' | 'come-up'; on: string[] }
  | { kind: 'delete-output' | 'change-output'; on: string[]; at: number; name: 'main' | 'report' }
  | { kind: 'kill' | 'lose-receipt'; on: string[]; at: number }
  | { kind: 'delete-at-home' | 'change-at-home'; on: string[]; at: number }

export function changesHostWorld(edit: HostEdit): edit is HostWorldEdit {
  return edit.kind in worldChanges
}

export function changeHostWorld(world: HostWorld, edit: HostWorldEdit): void {
  const change = worldChanges[edit.kind] as (world: HostWorld, edit: HostWorldEdit) => void
  change(world, edit)
}

interface Spot {
  root: string
  steps: number
  host: string
  machine: Machine
}

export function changeMachines(
  { root, steps, machines }: { root: string; steps: number; machines: Record<string, Machine> },
  edit: MachineEdit,
): void {
  const change = machineChanges[edit.kind] as (spot: Spot, edit: MachineEdit) => void
  for (const host of edit.on) change({ root, steps, host, machine: machines[host]! }, edit)
}

const worldChanges: Changes<HostWorldEdit, HostWorld> = {
  'edit-content': (world, { at, content }) => {
    stepOf(world, at).content = content
  },
  'edit-level': (world, { at, by }) => {
    stepOf(world, at).level += by
  },
  'add-need': (world, { at, need }) => {
    addHostNeed(stepOf(world, at), at % world.steps.length, need)
  },
  'drop-need': (world, { at }) => {
    stepOf(world, at).needs.pop()
  },
  flip: (world, { at, what }) => {
    const step = stepOf(world, at)
    step[what] = !step[what]
  },
  'move-to': (world, { at, on }) => {
    stepOf(world, at).on = on
  },
  'set-members': (world, { members }) => {
    world.members = members
  },
  'set-platform': (world, { platform }) => {
    world.platform = platform
  },
  /** Failing is news only where it runs. */
  fail: (world, { at }) => {
    stepOf(world, at).level++
    stepOf(world, at).fails = true
  },
}

const machineChanges: Changes<MachineEdit, Spot> = {
  'set-flavour': ({ machine: { files } }, { flavour }) => {
    if (flavour === null) delete files[flavourFile]
    else files[flavourFile] = flavour
  },
  reinstall: ({ machine }) => {
    machine.files = {}
    machine.receipts = {}
  },
  'go-down': ({ machine }) => {
    machine.isDown = true
  },
  'come-up': ({ machine }) => {
    machine.isDown = false
  },
  'delete-output': ({ machine, steps }, { at, name }) => {
    delete machine.files[`${folderOf(at % steps)}/${name}`]
  },
  'change-output': ({ machine: { files }, steps }, { at, name }) => {
    const path = `${folderOf(at % steps)}/${name}`
    if (path in files) files[path] = 'by hand'
  },
  kill: ({ machine, steps }, { at }) => {
    delete machine.files[lifeOf(at % steps)]
  },
  /** A damaged one counts as none: that is for the session to find out. */
  'lose-receipt': ({ machine, steps }, { at }) => {
    delete machine.receipts[`t${at % steps}`]
  },
  'delete-at-home': ({ root, steps, host }, { at }) => {
    for (const path of homeReports(at % steps, host)) rmSync(join(root, path), { force: true })
  },
  'change-at-home': ({ root, steps, host }, { at }) => {
    for (const path of homeReports(at % steps, host))
      if (existsSync(join(root, path))) writeFileSync(join(root, path), 'by hand')
  },
}

function homeReports(step: number, host: string): string[] {
  return [`dist/${step}/${host}/report`, `out/${step}/report`]
}

/** Of an earlier step: there are no cycles. */
export function addHostNeed({ needs }: HostStep, index: number, need: number): void {
  if (index > 0 && !needs.includes(need % index)) needs.push(need % index)
}

function stepOf({ steps }: HostWorld, at: number): HostStep {
  return steps[at % steps.length]!
}
