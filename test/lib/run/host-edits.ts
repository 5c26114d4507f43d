import { rmSync, writeFileSync } from 'node:fs'
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
  | { kind: 'set-flavour'; host: string; flavour: string | null }
  | { kind: 'reinstall' | 'go-down' | 'come-up'; host: string }
  | { kind: 'delete-output' | 'change-output' | 'kill' | 'lose-receipt'; host: string; at: number }
  | { kind: 'delete-at-home' | 'change-at-home'; host: string; at: number }

export function changesHostWorld(edit: HostEdit): edit is HostWorldEdit {
  return edit.kind in worldChanges
}

export function changeHostWorld(world: HostWorld, edit: HostWorldEdit): void {
  const change = worldChanges[edit.kind] as (world: HostWorld, edit: HostWorldEdit) => void
  change(world, edit)
}

export interface Around {
  root: string
  steps: number
  machines: Record<string, Machine>
}

export function changeMachine(around: Around, edit: MachineEdit): void {
  const change = machineChanges[edit.kind] as (around: Around, edit: MachineEdit) => void
  change(around, edit)
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
  fail: (world, { at }) => {
    stepOf(world, at).fails = true
  },
}

const machineChanges: Changes<MachineEdit, Around> = {
  'set-flavour': ({ machines }, { host, flavour }) => {
    const { files } = machines[host]!
    if (flavour === null) delete files[flavourFile]
    else files[flavourFile] = flavour
  },
  reinstall: ({ machines }, { host }) => {
    machines[host]!.reinstall()
  },
  'go-down': ({ machines }, { host }) => {
    machines[host]!.isDown = true
  },
  'come-up': ({ machines }, { host }) => {
    machines[host]!.isDown = false
  },
  'delete-output': ({ machines, steps }, { host, at }) => {
    delete machines[host]!.files[`${folderOf(at % steps)}/main`]
  },
  'change-output': ({ machines, steps }, { host, at }) => {
    const path = `${folderOf(at % steps)}/main`
    if (path in machines[host]!.files) machines[host]!.files[path] = 'by hand'
  },
  kill: ({ machines, steps }, { host, at }) => {
    delete machines[host]!.files[lifeOf(at % steps)]
  },
  /** A damaged one counts as none: that is for the session to find out. */
  'lose-receipt': ({ machines, steps }, { host, at }) => {
    delete machines[host]!.receipts[`t${at % steps}`]
  },
  'delete-at-home': ({ root, steps }, { host, at }) => {
    rmSync(join(root, `dist/${at % steps}/${host}`), { recursive: true, force: true })
    rmSync(join(root, `out/${at % steps}`), { recursive: true, force: true })
  },
  'change-at-home': ({ root, steps }, { host, at }) => {
    for (const path of [`dist/${at % steps}/${host}/report`, `out/${at % steps}/report`])
      try {
        writeFileSync(join(root, path), 'by hand', { flag: 'r+' })
      } catch {
        // was not there
      }
  },
}

/** Of an earlier step: there are no cycles. */
export function addHostNeed({ needs }: HostStep, index: number, need: number): void {
  if (index > 0 && !needs.includes(need % index)) needs.push(need % index)
}

function stepOf({ steps }: HostWorld, at: number): HostStep {
  return steps[at % steps.length]!
}
