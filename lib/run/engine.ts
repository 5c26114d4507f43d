import { Blobs } from '../cache/blobs.ts'
import { type CacheLayout, cacheLayout } from '../cache/layout.ts'
import { Records } from '../cache/records.ts'
import { writeAtomically } from '../cache/write-atomically.ts'
import { Definitions } from '../inputs/definition.ts'
import { FileDigests } from '../inputs/file-digests.ts'
import { FileFinder, matcher } from '../inputs/find-files.ts'
import { type Declarations, declarationsOf, localOutputs } from '../model/declarations.ts'
import type { Warning } from '../model/event.ts'
import { fileOf } from '../model/graph.ts'
import { type Instance, selectInstances } from '../model/instance.ts'
import { checkOutputs } from './check-outputs.ts'
import { HostChecks } from './host-checks.ts'
import type { RunOptions, Workspace } from './options.ts'

/** What a run or a look needs at every step: the workspace, what is remembered of it, and how its files are found. */
export interface Engine {
  workspace: Workspace
  options: RunOptions
  layout: CacheLayout
  records: Records
  blobs: Blobs
  finder: FileFinder
  digests: FileDigests
  definitions: Definitions
  checks: HostChecks
  /** The requested instances, needs first. */
  instances: Instance[]
  declarations(instance: Instance): Declarations
  /** Whether a path is what an output pattern means. */
  matches(pattern: string): (path: string) => boolean
}

/** Opens the workspace's memory and checks what its tasks declare. Writes nothing. */
export function openEngine(workspace: Workspace, options: RunOptions): Engine {
  const { root, graph, config, fleet } = workspace
  const layout = cacheLayout(root)
  const declared = new Map<string, Declarations>()
  const declarations = (instance: Instance) => {
    const known = declared.get(instance.id) ?? declarationsOf(instance, config, fleet.hosts)
    declared.set(instance.id, known)
    return known
  }
  const all = selectInstances(graph, fleet.hosts, { targets: graph.tasks.map(({ name }) => name) })
  checkOutputs(all, declarations)
  const outputs = all.flatMap((instance) => localOutputs(instance.task, declarations(instance)))
  const digests = new FileDigests(root, options.verify === 'full' ? undefined : layout.digests)
  return {
    workspace,
    options,
    layout,
    records: new Records(layout),
    blobs: new Blobs(layout),
    finder: new FileFinder(root, outputs),
    digests,
    definitions: new Definitions(root, layout.definitions, digests, new Set(graph.tasks.map(fileOf))),
    checks: new HostChecks(),
    instances: selectInstances(graph, fleet.hosts, options),
    declarations,
    matches: (pattern) => matcher([pattern]),
  }
}

/** Keeps what was learnt about files and definitions. Losing it costs only time. */
export function saveMemory({ digests, definitions, layout }: Engine, warn: (warning: Warning) => void): void {
  const memories = { [layout.digests]: digests.toSave(), [layout.definitions]: definitions.toSave() }
  for (const [path, content] of Object.entries(memories)) {
    try {
      if (content !== undefined) writeAtomically(path, content, layout.temporary)
    } catch (error) {
      warn({
        kind: 'cache-fault',
        what: 'what was learnt in this run could not be kept',
        detail: (error as Error).message,
      })
    }
  }
}
