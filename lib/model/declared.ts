import type { Selection, Task } from './task.ts'

/** What `task()` and `only()` returned: nothing that merely looks like it was checked. */
const declared = new WeakSet<object>()

export function remember<T extends Task | Selection>(one: T): T {
  declared.add(one)
  return one
}

export function isTask(value: unknown): value is Task {
  return isDeclared(value) && value.kind === 'task'
}

export function isSelection(value: unknown): value is Selection {
  return isDeclared(value) && value.kind === 'selection'
}

function isDeclared(value: unknown): value is Task | Selection {
  return typeof value === 'object' && value !== null && declared.has(value)
}
