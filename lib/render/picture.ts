import type { Graph } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import type { Task } from '../model/task.ts'

/** A graph ready to be drawn in any format: needs before what needs them. */
export interface Node {
  name: string
  description: string
  /** Role, roles or host; null on the operator's machine. */
  on: string | string[] | null
  needs: string[]
}

/** Tasks as nodes. */
export function taskNodes(graph: Graph, tasks: Task[]): Node[] {
  return tasks.map((task) => ({
    name: task.name,
    description: task.description,
    on: task.on ?? null,
    needs: distinct((graph.needs.get(task) ?? []).map((need) => need.task.name)),
  }))
}

/** Instances as nodes. */
export function instanceNodes(instances: Instance[]): Node[] {
  return instances.map(({ id, task, host, needs }) => ({
    name: id,
    description: task.description,
    on: host?.name ?? null,
    needs: distinct(needs.flatMap((need) => need.instances.map((needed) => needed.id))),
  }))
}

/** Where a node stands, in words. */
export function place({ on }: Node): string {
  return on === null ? 'here' : [on].flat().join(', ')
}

/** A task may be needed twice, for different outputs. */
function distinct(names: string[]): string[] {
  return [...new Set(names)]
}
