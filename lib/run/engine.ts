import { Blobs } from '../cache/blobs.ts'
import { type CacheLayout, cacheLayout } from '../cache/layout.ts'
import { Parts } from '../cache/parts.ts'
import { Records } from '../cache/records.ts'
import { readSealed } from '../cache/sealed.ts'
import { type DefinitionMemory, Definitions } from '../inputs/definition.ts'
import { FileDigests } from '../inputs/file-digests.ts'
import { FileFinder } from '../inputs/find-files.ts'
import { type Declarations, declarationsOf } from '../model/declarations.ts'
import { fileOf } from '../model/graph.ts'
import { allInstances, type Instance, selectInstances } from '../model/instance.ts'
import type { CacheFaults } from './cache-faults.ts'
import { checkModules, checkOutputs } from './check-outputs.ts'
import { checkSelections } from './check-selections.ts'
import { Glances } from './glances.ts'
import { HostChecks } from './host-checks.ts'
import { allMadeInputs, checkMadeInputs, needMadeInputs } from './made-inputs.ts'
import { Makers } from './makers.ts'
import type { RunOptions, Workspace } from './options.ts'

/** What a run or a look needs at every step: the workspace, what is remembered of it, and how its files are found. */
export interface Engine {
  workspace: Workspace
  options: RunOptions
  layout: CacheLayout
  records: Records
  blobs: Blobs
  faults: CacheFaults
  finder: FileFinder
  digests: FileDigests
  /** What earlier runs learnt of files. */
  remembered: Parts
  definitions: Definitions
  glances: Glances
  checks: HostChecks
  /** The requested instances, needs first. */
  instances: Instance[]
  declarations(instance: Instance): Declarations
  /** Of all tasks, not only the requested ones. */
  makers: Makers
}

/** Opens the workspace's memory and checks what its tasks declare. Writes nothing. */
export function openEngine(
  workspace: Workspace,
  options: RunOptions,
  faults: CacheFaults,
  signal: AbortSignal,
): Engine {
  const { root, graph, config, fleet } = workspace
  const layout = cacheLayout(root)
  const declared = new Map<Instance, Declarations>()
  const declarations = (instance: Instance) => {
    let known = declared.get(instance)
    if (!known) declared.set(instance, (known = declarationsOf(instance, config, fleet.hosts)))
    return known
  }
  const all = allInstances(graph, fleet.hosts)
  const makers = new Makers(root, all, declarations)
  checkOutputs(all, declarations)
  checkModules(root, graph.tasks, makers)
  const madeInputs = allMadeInputs(all, declarations, makers)
  checkMadeInputs(madeInputs)
  checkSelections(graph, all, declarations)
  const instances = selectInstances(graph, fleet.hosts, options, all)
  needMadeInputs(madeInputs, declarations)
  const remembered = new Parts(layout.digests, layout.temporary, faults.unusable)
  const definitions = () => {
    const known = readSealed<DefinitionMemory>(layout.definitions, faults.unusable)
    return known && options.verify === 'full' ? { schema: known.schema, modules: known.modules } : known
  }
  return {
    workspace,
    options,
    layout,
    records: new Records(layout, faults.unusable),
    blobs: new Blobs(layout, faults.unusable, signal),
    faults,
    finder: new FileFinder(root, (path) => makers.of(path) !== undefined),
    digests: new FileDigests(
      root,
      (folder) => (options.verify === 'full' ? undefined : remembered.get(folder)),
      { signal },
    ),
    remembered,
    definitions: new Definitions(root, definitions, new Set(graph.tasks.map(fileOf))),
    glances: new Glances(new Parts(layout.glances, layout.temporary, faults.unusable)),
    checks: new HostChecks(),
    instances,
    declarations,
    makers,
  }
}
