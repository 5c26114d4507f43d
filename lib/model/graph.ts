import { fileURLToPath } from 'node:url'
import { nearest } from './nearest.ts'
import { UsageError } from './problem.ts'
import type { Selection, Task } from './task.ts'

export interface Need {
  task: Task
  /** Globs of the outputs that count; all without it. */
  only?: string[]
}

/** The tasks of a workspace, checked: names are unique, needs are known, nothing needs itself. */
export interface Graph {
  /** Needs before what needs them; otherwise in the author's order. */
  tasks: Task[]
  byName: Map<string, Task>
  needs: Map<Task, Need[]>
}

export function buildGraph(declared: Task[]): Graph {
  const all = withNeeds(declared)
  const byName = new Map<string, Task>()
  const needs = new Map<Task, Need[]>()
  for (const task of all) {
    const other = byName.get(task.name)
    if (other)
      throw new UsageError({ kind: 'duplicate-task', task: task.name, files: [other, task].map(fileOf) })
    byName.set(task.name, task)
    needs.set(task, task.needs?.map(needOf) ?? [])
  }
  return { tasks: inOrderOfNeed(all, needs), byName, needs }
}

/** The named tasks and all that they need, in the graph's order. Unknown names are a usage error with suggestions. */
export function closure(graph: Graph, names: string[]): Task[] {
  const wanted = new Set<Task>()
  const open = names.map((name) => findTask(graph, name))
  for (let task = open.pop(); task; task = open.pop()) {
    if (wanted.has(task)) continue
    wanted.add(task)
    for (const need of graph.needs.get(task) ?? []) open.push(need.task)
  }
  return graph.tasks.filter((task) => wanted.has(task))
}

export function findTask(graph: Graph, name: string): Task {
  const task = graph.byName.get(name)
  if (task) return task
  const known = graph.tasks.map(({ name }) => name)
  throw new UsageError({ kind: 'no-such-target', name, nearest: nearest(name, known), known })
}

/** The path of the module that declares a task. */
export function fileOf({ module }: Pick<Task, 'module'>): string {
  let file = files.get(module)
  if (file === undefined)
    files.set(module, (file = module.startsWith('file:') ? fileURLToPath(module) : module))
  return file
}

/** Many tasks share a module. */
const files = new Map<string, string>()

function needOf(need: Task | Selection): Need {
  return need.kind === 'selection' ? { task: need.task, only: need.only } : { task: need }
}

/** Tasks, and all that they need. */
export function withNeeds(declared: Task[]): Task[] {
  const seen = new Set<Task>(declared)
  for (const task of seen)
    for (const need of task.needs ?? []) seen.add(need.kind === 'selection' ? need.task : need)
  return [...seen]
}

/** Depth first without recursion: a chain may be longer than the stack is deep. */
function inOrderOfNeed(tasks: Task[], needs: Map<Task, Need[]>): Task[] {
  const done = new Set<Task>()
  const onPath = new Set<Task>()
  for (const start of tasks) {
    if (done.has(start)) continue
    const path = [{ task: start, needs: needs.get(start)!, next: 0 }]
    onPath.add(start)
    for (let here = path.at(-1); here; here = path.at(-1)) {
      const need = here.needs[here.next++]?.task
      if (!need) {
        done.add(here.task)
        onPath.delete(here.task)
        path.pop()
      } else if (onPath.has(need)) {
        const names = path.map(({ task }) => task.name)
        throw new UsageError({ kind: 'cycle', tasks: [...names.slice(names.indexOf(need.name)), need.name] })
      } else if (!done.has(need)) {
        path.push({ task: need, needs: needs.get(need)!, next: 0 })
        onPath.add(need)
      }
    }
  }
  return [...done]
}
