import { badTask } from './bad-task.ts'
import { remember } from './declared.ts'
import { isPlainObject } from './shape.ts'
import type { Selection, Task, TaskOptions } from './task.ts'
import { taskShapes } from './task-shape.ts'

/** Declares a task. A declaration that cannot be is a `UsageError` that names the task, the field and a remedy. */
export function task<Config = any>(options: TaskOptions<Config>): Task<Config> {
  const where = isPlainObject(options) && options.on !== undefined ? 'onHosts' : 'here'
  const flaw = taskShapes[where](options)
  if (flaw) throw badTask(isPlainObject(options) ? options : {}, flaw)
  return remember({ ...options, kind: 'task' })
}

/** Needs a task for those of its outputs that match: the others may change without a new run. */
export function only<Config>(task: Task<Config>, ...globs: string[]): Selection<Config> {
  return remember({ kind: 'selection', task, only: globs })
}
