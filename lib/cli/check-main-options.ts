import { badTask } from '../model/bad-task.ts'
import { withNeeds } from '../model/graph.ts'
import { inside } from '../model/place.ts'
import { UsageError } from '../model/problem.ts'
import { type Flaw, suggest } from '../model/shape.ts'
import type { Task } from '../model/task.ts'
import type { MainOptions } from './main-options.ts'
import { mainShape } from './main-shape.ts'
import type { Options } from './option.ts'

/**
 * Refuses what `main()` cannot work with, before anything else looks at it.
 * @param reserved options of the command line
 */
export function checkMainOptions(options: MainOptions, reserved: Options): void {
  const flaw = mainShape(reserved)(options)
  if (flaw) refuse(flaw)
  const { roles = {}, pools = {}, lease, deepCheck } = options
  const tasks = withNeeds(options.tasks)
  if (lease !== undefined && roles[lease] !== 'one')
    refuse({
      place: 'lease',
      problem: 'must be a role of one host',
      advice: suggest(lease, Object.keys(roles)),
    })
  if (deepCheck) checkDeepCheck(deepCheck, tasks)
  for (const task of tasks) if (task.on !== undefined) checkRoles(task, Object.keys(roles))
  checkPools(tasks, Object.keys(pools))
}

/** Found up to date, it would check nothing. */
function checkDeepCheck(task: Task, tasks: Task[]): void {
  if (!tasks.includes(task))
    refuse({ place: 'deepCheck', problem: `is \`${task.name}\`, which is not among \`tasks\`` })
  if (!task.always)
    refuse({
      place: 'deepCheck',
      problem: `is \`${task.name}\`, which would not run again once it has run`,
      advice: 'Give that task `always: true`.',
    })
}

/** A misspelt role has no hosts: its task would silently run nowhere. */
function checkRoles(task: Task, roles: string[]): void {
  for (const role of [task.on ?? []].flat()) {
    if (roles.includes(role)) continue
    const problem = `names the role \`${role}\`, which \`main()\` does not`
    throw badTask(task, { place: 'on', problem, advice: suggest(role, roles) })
  }
}

/** Of a misspelt pool the tasks would silently run one at a time. */
function checkPools(tasks: Task[], pools: string[]): void {
  const named = new Set(tasks.map(({ pool }) => pool))
  const unused = pools.find((pool) => !named.has(pool))
  if (unused === undefined) return
  const used = [...named].filter((pool) => pool !== undefined)
  const advice = used.length > 0 ? suggest(unused, used) : 'No task names a `pool`.'
  refuse({ place: inside('pools', unused), problem: 'is the capacity of a pool that no task uses', advice })
}

function refuse({ place, problem, advice }: Flaw): never {
  const usual = 'What `main` takes is described in lib/cli/main-options.ts.'
  throw new UsageError({ kind: 'bad-main', field: place, problem, advice: advice ?? usual })
}
