import type { Graph } from '../model/graph.ts'
import { closure } from '../model/graph.ts'
import { UsageError } from '../model/problem.ts'
import type { Task } from '../model/task.ts'

/** The tasks that targets name, with all that they need. Naming none, or an unknown one, is a usage error. */
export function requested(graph: Graph, targets: string[]): Task[] {
  if (targets.length === 0)
    throw new UsageError({ kind: 'no-targets', known: graph.tasks.map(({ name }) => name) })
  return closure(graph, targets.map(taskName))
}

/** `distribute` of `distribute@slave-2`. */
export function taskName(target: string): string {
  return target.replace(/@.*/s, '')
}
