import type { Graph, Need } from './graph.ts'
import { findTask } from './graph.ts'
import type { Host, Hosts } from './host.ts'
import { nearest } from './nearest.ts'
import { UsageError } from './problem.ts'
import type { Task } from './task.ts'

/** A task on one host, or on the operator's machine. */
export interface Instance {
  /** `compile`, `distribute@slave-2`. */
  id: string
  task: Task
  host?: Host
  /** Its machine is in several roles of the task, and has an instance for each. */
  sharesMachine?: true
  /** Each need with the instances that this one waits for. */
  needs: { need: Need; instances: Instance[] }[]
}

/** What receipts and jobs of it are called on its host. */
export function nameOnHost({ task, host, sharesMachine }: Instance): string {
  return sharesMachine ? `${task.name}+${host!.role}` : task.name
}

export interface Selected {
  /** `start`, or `distribute@slave-2`. */
  targets: string[]
  /** Host names: instances on other hosts are left out. */
  limit?: string[]
  /** Only the targets, not what they need. */
  only?: boolean
}

/**
 * The instances of the targets and of what they need, needs first.
 * @param all of the graph
 */
export function selectInstances(
  graph: Graph,
  hosts: Hosts,
  selected: Selected,
  all = allInstances(graph, hosts),
): Instance[] {
  const targets = selected.targets.map((target) => parseTarget(graph, hosts, target))
  checkHosts(hosts, selected.limit ?? [])
  const named = all.filter(namedBy(targets))
  const wanted = selected.only ? new Set(named) : withNeeds(named)
  const within = (instance: Instance) =>
    !selected.limit?.length ||
    !instance.host ||
    onlyHost(instance) ||
    selected.limit.includes(instance.host.name)
  const onlyHost = (instance: Instance) => (hosts[instance.host!.role]?.length ?? 0) === 1
  return all.filter((instance) => wanted.has(instance) && within(instance))
}

/** Every task on every host that it is on, needs first. */
export function allInstances(graph: Graph, hosts: Hosts): Instance[] {
  const all: Instance[] = []
  const byTask = new Map<Task, Instance[]>()
  for (const task of graph.tasks) {
    const needs = graph.needs.get(task)!
    const places = task.on && [task.on].flat().flatMap((role) => hosts[role] ?? [])
    const instances: Instance[] = places
      ? places.map((host) => ({
          id: nameOf(task, host.name),
          task,
          host,
          ...sharing(host, places),
          needs: needsOn(host, needs, byTask),
        }))
      : [{ id: task.name, task, needs: needsOn(undefined, needs, byTask) }]
    byTask.set(task, instances)
    for (const instance of instances) all.push(instance)
  }
  return all
}

function needsOn(host: Host | undefined, needs: Need[], byTask: Map<Task, Instance[]>): Instance['needs'] {
  return needs.map((need) => ({ need, instances: waitedFor(byTask.get(need.task) ?? [], host) }))
}

function sharing({ address, port, root }: Host, places: Host[]): { sharesMachine?: true } {
  const same = places.filter((one) => one.address === address && one.port === port && one.root === root)
  return same.length > 1 ? { sharesMachine: true } : {}
}

/** On the same host when the needed task runs there too; otherwise everywhere. */
function waitedFor(instances: Instance[], host: Host | undefined): Instance[] {
  if (!host) return instances
  const here = instances.filter((instance) => instance.host?.name === host.name)
  return here.length > 0 ? here : instances
}

function withNeeds(instances: Instance[]): Set<Instance> {
  const wanted = new Set(instances)
  for (const instance of wanted)
    for (const { instances } of instance.needs) for (const need of instances) wanted.add(need)
  return wanted
}

function nameOf({ name }: Task, host: string | undefined): string {
  return host === undefined ? name : `${name}@${host}`
}

interface Target {
  task: Task
  host?: string
}

function parseTarget(graph: Graph, hosts: Hosts, text: string): Target {
  const at = text.indexOf('@')
  if (at < 0) return { task: findTask(graph, text) }
  const task = findTask(graph, text.slice(0, at))
  const host = text.slice(at + 1)
  const known = [task.on ?? []]
    .flat()
    .flatMap((role) => (hosts[role] ?? []).map(({ name }) => `${task.name}@${name}`))
  if (!known.includes(text))
    throw new UsageError({ kind: 'no-such-target', name: text, nearest: nearest(text, known), known })
  return { task, host }
}

function namedBy(targets: Target[]): (instance: Instance) => boolean {
  const names = new Set(targets.map(({ task, host }) => nameOf(task, host)))
  return ({ task, host }) => names.has(task.name) || names.has(nameOf(task, host?.name))
}

function checkHosts(hosts: Hosts, names: string[]): void {
  const known = Object.values(hosts).flatMap((some) => some.map(({ name }) => name))
  for (const name of names)
    if (!known.includes(name)) throw new UsageError({ kind: 'no-such-host', name, known })
}
