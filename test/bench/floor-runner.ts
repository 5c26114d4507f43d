import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Floor } from './floors.ts'
import { modulesFolder } from './installed.ts'
import { measure, type Place } from './measure.ts'
import type { Attempt, Runner } from './runner.ts'
import type { Scenario } from './scenarios.ts'
import { commandOf, tasksOf, type Workload } from './workload.ts'
import { Workspace } from './workspace.ts'

/** A workspace for all floors: inputs, and lists of what there is to do. */
export function floorWorkspace(root: string, workload: Workload): Workspace {
  const workspace = new Workspace(root, workload, 'root')
  const commands = tasksOf(workload).map((task) => commandOf(workload, task))
  workspace.write('inputs.list', workspace.inputs().join('\0'))
  workspace.write('commands.json', JSON.stringify(commands))
  workspace.write('package.json', '{ "type": "module" }\n')
  workspace.write('empty.ts', '')
  symlinkSync(modulesFolder({ checkout: true })!, join(root, 'node_modules'))
  return workspace
}

export class FloorRunner implements Runner {
  readonly isFloor = true
  readonly name: string

  constructor(
    private readonly floor: Floor,
    private readonly workspace: Workspace,
    private readonly jobs: number,
    private readonly place: Place,
  ) {
    this.name = floor.name
  }

  takesPartIn({ name }: Scenario): boolean {
    return this.floor.of.includes(name)
  }

  async attempt(): Promise<Attempt> {
    const { workload } = this.workspace
    this.workspace.deleteOutputs()
    const measured = await measure(this.floor.command(workload, this.jobs), this.place)
    const didAll = measured.exitCode === 0 && this.floor.didAll(measured.output, workload)
    return { ...measured, fault: didAll ? undefined : `did not do all: ${measured.output.slice(-200)}` }
  }

  async close(): Promise<void> {}
}
