import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { FloorRunner, floorWorkspace } from './floor-runner.ts'
import { floors } from './floors.ts'
import type { Attempt, Runner } from './runner.ts'
import type { Scenario } from './scenarios.ts'
import { ToolRunner } from './tool-runner.ts'
import type { Tool } from './tools/tool.ts'
import type { Workload } from './workload.ts'

export interface Session {
  workload: Workload
  tools: Tool[]
  scenarios: Scenario[]
  rounds: number
  jobs: number
  /** For so many ms, the machine rests after much was removed. */
  rest: number
  /** An empty folder, for the workspaces. */
  folder: string
  signal: AbortSignal
  /** Told what is being done. */
  tell(what: string): void
}

/** All attempts of one runner at one scenario. */
export interface Result {
  scenario: Scenario
  runner: Runner
  attempts: Attempt[]
}

/** Every round, every scenario, everyone in turn: what disturbs the machine for a while disturbs them all. */
export async function hold(session: Session): Promise<Result[]> {
  const { scenarios, rounds, tell } = session
  const runners = prepare(session)
  const results = scenarios.flatMap((scenario) =>
    runners
      .filter((runner) => runner.takesPartIn(scenario))
      .map((runner): Result => ({ scenario, runner, attempts: [] })),
  )
  try {
    for (let round = 1; round <= rounds; round++)
      for (const { scenario, runner, attempts } of results) {
        tell(`${session.workload.name}: round ${round} of ${rounds}, ${scenario.name}, ${runner.name}`)
        attempts.push(await runner.attempt(scenario))
      }
  } finally {
    for (const runner of runners) await runner.close()
  }
  return results
}

function prepare({ workload, tools, scenarios, jobs, rest, folder, signal, tell }: Session): Runner[] {
  const placeOf = (name: string) => {
    tell(`${workload.name}: making a workspace for ${name}`)
    const cwd = join(folder, name)
    mkdirSync(cwd)
    return { cwd, scratch: join(folder, `${name}.scratch`), signal }
  }
  const place = placeOf('floors')
  const workspace = floorWorkspace(place.cwd, workload)
  const runners = [
    ...tools.map((tool) => new ToolRunner(tool, workload, { jobs, rest }, placeOf(tool.name))),
    ...floors.map((floor) => new FloorRunner(floor, workspace, jobs, place)),
  ]
  return runners.filter((runner) => scenarios.some((scenario) => runner.takesPartIn(scenario)))
}
