import { realpathSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Definitions } from '../../inputs/definition.ts'
import { declarationsOf, localOutputs } from '../../model/declarations.ts'
import { fileOf, type Graph } from '../../model/graph.ts'
import { allInstances, type Instance, type Selected, selectInstances } from '../../model/instance.ts'
import type { Workspace } from '../../run/options.ts'
import type { Context } from '../command.ts'

/** The files that decide what a run does. Plain data: one process tells it to another. */
export interface Declared {
  /** Lists of patterns, as the requested instances declare them. */
  inputs: string[][]
  /** The same of every task's outputs here, which are nobody's inputs. */
  outputs: string[][]
  /** Paths, from the root, of what the tasks' definitions and configuration come from. They need not exist. */
  sources: string[]
}

export async function declaredBy(
  context: Context,
  { root, graph, config, fleet: { hosts } }: Workspace,
  selected: Selected,
): Promise<Declared> {
  const declarations = (instance: Instance) => declarationsOf(instance, config, hosts)
  const all = allInstances(graph, hosts)
  const requested = selectInstances(graph, hosts, selected, all)
  return {
    inputs: distinct(requested.map((instance) => declarations(instance).files)),
    outputs: distinct(all.map((instance) => localOutputs(instance.task, declarations(instance)))),
    sources: distinct([
      ...(await codeOf(root, graph, requested)),
      ...clusterFile(context).map((path) => relative(root, path)),
    ]),
  }
}

/** What the program's entry and the modules of the instances are made from, less the modules of other tasks. */
async function codeOf(root: string, graph: Graph, instances: Instance[]): Promise<string[]> {
  const definitions = new Definitions(root, () => undefined, graph.tasks.map(fileOf))
  const modules = distinct([
    realpathSync(process.argv[1] as string),
    ...instances.map(({ task }) => fileOf(task)),
  ])
  // A module that cannot be bundled is watched by itself: what is wrong with it is for the run to say.
  await Promise.allSettled(modules.map((module) => definitions.of(module)))
  const bundled = Object.values(definitions.toSave()?.modules ?? {})
  return [
    ...modules.map((module) => relative(root, module)),
    ...bundled.flatMap(({ files }) => Object.keys(files)),
  ]
}

/** Where the cluster file is, or would be; nothing for tasks that read none. */
function clusterFile({ root, options, common }: Context): string[] {
  return options.config || options.roles ? [resolve(common.cluster ?? join(root, 'cluster.yml'))] : []
}

function distinct<T>(items: T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}
