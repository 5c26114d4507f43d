import { fileOf } from '../model/graph.ts'
import { nearest } from '../model/nearest.ts'
import { UsageError } from '../model/problem.ts'
import type { Task } from '../model/task.ts'
import type { MainOptions } from './main-options.ts'
import type { Options } from './option.ts'

const fields = ['tasks', 'config', 'roles', 'pools', 'lease', 'sandbox', 'links']

/**
 * Refuses what `main()` cannot work with, before anything else looks at it.
 * @param reserved options of the command line: roles are options, too, and must not be named like these
 */
export function checkMainOptions(options: MainOptions, reserved: Options): void {
  for (const field of Object.keys(options))
    if (!fields.includes(field)) refuse(field, 'is not one of its options', suggest(field, fields))
  const { tasks, roles = {} } = options
  if (!Array.isArray(tasks) || tasks.some((task) => task?.kind !== 'task'))
    refuse('tasks', 'must be an array of tasks, as `task()` returns them', 'Give what `task()` returned.')
  for (const role of Object.keys(roles))
    if (Object.hasOwn(reserved, role))
      refuse('roles', `has \`${role}\`, which is an option of the command line`, 'Rename that role.')
  const { lease } = options
  if (lease !== undefined && roles[lease] !== 'one')
    refuse('lease', 'must be a role of one host', suggest(lease, Object.keys(roles)))
  for (const task of tasks) checkRoles(task, Object.keys(roles))
}

/** A misspelt role has no hosts: its task would silently run nowhere. */
function checkRoles(task: Task, roles: string[]): void {
  for (const role of [task.on ?? []].flat()) {
    if (roles.includes(role)) continue
    throw new UsageError({
      kind: 'bad-task',
      task: task.name,
      file: fileOf(task),
      field: 'on',
      problem: `names the role \`${role}\`, which \`main()\` does not`,
      advice: suggest(role, roles),
    })
  }
}

function refuse(field: string, problem: string, advice: string): never {
  throw new UsageError({ kind: 'bad-task', task: '', file: '', field, problem, advice })
}

function suggest(name: string, known: string[]): string {
  const [meant] = nearest(name, known)
  return meant ? `Did you mean \`${meant}\`?` : `Known are: ${known.join(', ') || 'none'}.`
}
