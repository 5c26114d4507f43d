import { badTask } from './bad-task.ts'
import { contradiction } from './contradictions.ts'
import { remember } from './declared.ts'
import { errorWithoutSecrets, secretsAmong } from './secrets.ts'
import { isPlainObject, partsOf } from './shape.ts'
import type { Selection, Task, TaskOptions } from './task.ts'
import { taskShapes } from './task-shape.ts'

/** Declares a task. A declaration that cannot be is a `UsageError` that names the task, the field and a remedy. */
export function task<Config = any>(options: TaskOptions<Config>): Task<Config> {
  const { parts: given, flaw } = isPlainObject(options)
    ? partsOf(options)
    : { parts: {}, flaw: taskShapes.here(options) }
  const found = flaw ?? taskShapes[given.on === undefined ? 'here' : 'onHosts'](given) ?? contradiction(given)
  if (found) throw errorWithoutSecrets(badTask(given, found), secretsAmong(given.inputs))
  return remember({ kind: 'task', ...(given as unknown as TaskOptions<Config>) })
}

/** Needs a task for those of its outputs that match: the others may change without a new run. */
export function only<Config>(task: Task<Config>, ...globs: string[]): Selection<Config> {
  return remember({ kind: 'selection', task, only: globs })
}
