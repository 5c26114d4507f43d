import type { Event, TaskEnd } from '../model/event.ts'
import { UsageError } from '../model/problem.ts'
import type { Task } from '../model/task.ts'
import { colorsFor } from '../report/colors.ts'
import { complaints } from '../report/complaints.ts'
import type { Emit, Workspace } from '../run/options.ts'
import type { Context } from './command.ts'
import { complain } from './output.ts'
import { reporterFor } from './reporter-for.ts'
import { withoutFlood } from './without-flood.ts'

/** A run of the workspace's deep check, on every host whatever it finds on others. */
export interface DeepCheck {
  task: Task
  workspace: Workspace
  common: Context['common']
  signal: AbortSignal
}

/** What one instance of it said. */
export interface Checked {
  end: TaskEnd
  output: string
}

/** The task that `main` names for it. */
export function deepCheckOf({ options }: Context): Task {
  if (options.deepCheck) return options.deepCheck
  const problem = 'has nothing to run here: the `main` of this workspace names no `deepCheck`'
  throw new UsageError({ kind: 'bad-option', option: '--deep', problem })
}

/**
 * Tells its story as that of any run, but in words whatever the format of logs is: so is what stands before it.
 * @returns the exit code
 */
export async function tellDeepCheck(check: DeepCheck): Promise<number> {
  const reporter = reporterFor({ ...check.common, 'log-format': 'plain' }, [])
  try {
    return await runDeepCheck(check, withoutFlood(reporter.on.bind(reporter)))
  } finally {
    await reporter.end()
  }
}

/** Keeps its story, for who wants data. Warnings and failures are told on stderr, in words. */
export async function collectDeepCheck(check: DeepCheck): Promise<{ exitCode: number; checked: Checked[] }> {
  const complainOf = complaints({
    out: complain,
    err: complain,
    errColors: colorsFor(process.stderr, check.common.color),
  })
  const outputs = new Map<string, string>()
  const checked: Checked[] = []
  const exitCode = await runDeepCheck(check, (event: Event) => {
    complainOf.on(event)
    if (event.type === 'task-output') outputs.set(event.task, `${outputs.get(event.task) ?? ''}${event.text}`)
    if (event.type === 'task-end') checked.push({ end: event, output: outputs.get(event.task) ?? '' })
  })
  return { exitCode, checked }
}

async function runDeepCheck({ workspace, task, signal }: DeepCheck, emit: Emit): Promise<number> {
  const { runTargets } = await import('../run/run.ts')
  const { exitCode } = await runTargets(workspace, { targets: [task.name], keepGoing: true }, emit, signal)
  return exitCode
}
