import { isSelection, isTask } from './declared.ts'
import { neededPaths } from './path-shapes.ts'
import { type Flaw, flaw, listOf, named, within } from './shape.ts'
import type { Selection, Task } from './task.ts'

/** Tasks, and selections of their outputs, each task once. */
export function needs(value: unknown): Flaw | undefined {
  return tasks(value) ?? repetition(value as (Task | Selection)[])
}

const tasks = listOf('tasks', need)

export function aTask(value: unknown): Flaw | undefined {
  if (isTask(value)) return undefined
  return value === undefined
    ? flaw(
        'is undefined: its module is not evaluated yet, or exports nothing of that name',
        'So it is when modules import each other in a circle: let needs go one way only.',
      )
    : flaw(`must be a task, as \`task()\` returns it, not ${named(value)}`)
}

function need(value: unknown): Flaw | undefined {
  if (!isSelection(value)) return aTask(value)
  const found = aTask(value.task) ?? neededPaths(value.only)
  return found && within('only', found)
}

/** The second would hide what the first says. */
function repetition(needs: (Task | Selection)[]): Flaw | undefined {
  const seen = new Set<Task>()
  for (const need of needs) {
    const task = need.kind === 'task' ? need : need.task
    if (seen.has(task))
      return flaw(`names \`${task.name}\` twice`, 'Name it once: `only(task, …)` takes several globs.')
    seen.add(task)
  }
  return undefined
}
