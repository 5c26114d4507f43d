import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { modulesFolder } from './installed.ts'
import { type Measured, measure, type Place } from './measure.ts'
import type { Attempt, Runner } from './runner.ts'
import type { Built, Scenario } from './scenarios.ts'
import type { Tool } from './tools/tool.ts'
import type { Workload } from './workload.ts'
import { Workspace } from './workspace.ts'

/** Longer than the clock of files ticks: what is edited after it has another time than what was made before. */
const tick = 20

/** A tool in a workspace of its own. */
export class ToolRunner implements Runner, Built {
  readonly isFloor = false
  readonly name: string
  readonly workspace: Workspace

  constructor(
    private readonly tool: Tool,
    private readonly workload: Workload,
    private readonly settings: { jobs: number; rest: number },
    private readonly place: Place,
  ) {
    this.name = tool.name
    this.workspace = new Workspace(place.cwd, workload, tool.layout)
    for (const [path, text] of Object.entries(tool.files(workload))) this.workspace.write(path, text)
    linkModules(modulesFolder(tool.comesFrom), place.cwd)
    if (tool.inGit) commitAll(this.workspace, [...tool.state, 'out', 'node_modules'])
  }

  takesPartIn({ measured }: Scenario): boolean {
    return this.tool[measured] !== undefined
  }

  /** From everything built and as it was written, through what the scenario does, to what the tool makes of it. */
  async attempt(scenario: Scenario): Promise<Attempt> {
    this.workspace.revertEdits()
    const settled = await this.build()
    if (settled.fault) return settled
    const noop = scenario.isBesideNoop ? await this.build() : undefined
    if (noop?.fault) return noop
    await scenario.prepare(this)
    await pause(scenario.removes ? this.settings.rest : tick)
    if (scenario.measured === 'list') return measure(this.tool.list!, this.place, this.tool.env)
    return { ...(await this.build()), noop: noop?.seconds }
  }

  async build(): Promise<Attempt> {
    const measured = await measure(
      this.tool.build(this.workload, this.settings.jobs),
      this.place,
      this.tool.env,
    )
    await pause(tick)
    return { ...measured, ran: this.tool.ran(measured.output), fault: this.#faultOf(measured) }
  }

  async forget(): Promise<void> {
    await this.close()
    this.workspace.deleteOutputs()
    for (const path of this.tool.state) rmSync(join(this.place.cwd, path), { recursive: true, force: true })
  }

  async close(): Promise<void> {
    // Also after an interruption, which must not keep this from being started.
    const { signal: _, ...place } = this.place
    if (this.tool.stop) await measure(this.tool.stop, place, this.tool.env)
  }

  #faultOf({ exitCode, output }: Measured): string | undefined {
    const [wrong] = this.workspace.wrongOutputs()
    if (exitCode !== 0) return `exit code ${exitCode}: ${output.slice(-500)}`
    return wrong && `${wrong} is not what the inputs make of it`
  }
}

/** Package by package, so that what a tool keeps in `node_modules` stays in its workspace. */
function linkModules(from: string | undefined, root: string): void {
  if (!from) return
  mkdirSync(join(root, 'node_modules'))
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(root, 'node_modules', name))
}

function commitAll(workspace: Workspace, ignored: string[]): void {
  workspace.write('.gitignore', ignored.map((path) => `${path}\n`).join(''))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: workspace.root })
  git('init', '-q')
  git('add', '.')
  git('-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '-q', '-m', 'The workload')
}
