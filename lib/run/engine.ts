import { Blobs } from '../cache/blobs.ts'
import { type CacheLayout, cacheLayout } from '../cache/layout.ts'
import { Parts } from '../cache/parts.ts'
import { Records } from '../cache/records.ts'
import { readSealed, writeSealed } from '../cache/sealed.ts'
import { type DefinitionMemory, Definitions } from '../inputs/definition.ts'
import { countIn } from '../inputs/digest-memory.ts'
import { FileDigests } from '../inputs/file-digests.ts'
import { FileFinder } from '../inputs/find-files.ts'
import type { SurveyMemory } from '../inputs/survey.ts'
import { worthSurveying } from '../inputs/worth-surveying.ts'
import { type Declarations, declarationsOf } from '../model/declarations.ts'
import { fileOf } from '../model/graph.ts'
import { allInstances, type Instance, selectInstances } from '../model/instance.ts'
import type { CacheFaults } from './cache-faults.ts'
import { checkModules, checkOutputs } from './check-outputs.ts'
import { checkSelections } from './check-selections.ts'
import { Glances } from './glances.ts'
import { HostChecks } from './host-checks.ts'
import { checkMadeInputs, needMadeInputs } from './made-inputs.ts'
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
  checkMadeInputs(all, declarations, makers)
  checkSelections(graph, all, declarations)
  const instances = selectInstances(graph, fleet.hosts, options, all)
  needMadeInputs(instances, declarations, makers)
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

/** Keeps what was learnt about files, definitions and what stands. Losing it costs only time. */
export function saveMemory(engine: Engine): void {
  const { digests, remembered, definitions, glances, layout, faults } = engine
  const learnt = digests.learnt()
  const what = 'what was learnt in this run could not be kept'
  faults.attempt(() => remembered.save(learnt), what)
  faults.attempt(() => glances.save(), what)
  const memories = [
    [layout.survey, surveyToSave(engine, Object.keys(learnt))],
    [layout.definitions, definitions.toSave()],
  ] as const
  for (const [path, memory] of memories)
    if (memory) faults.attempt(() => writeSealed(path, memory, layout.temporary), what)
}

/** What the next run should look at while it starts; undefined where that is as it was. What was in vain is not tried again
 *  before other files are known. `learntOf`: folders of which something was learnt. */
function surveyToSave(
  { faults, layout, remembered, workspace }: Engine,
  learntOf: string[],
): SurveyMemory | undefined {
  const isVain = workspace.survey?.isVain ?? false
  if (learntOf.length === 0 && !isVain) return undefined
  const known = readSealed<SurveyMemory>(layout.survey, faults.unusable)
  const before = new Set(isVain ? [] : known?.folders)
  if (learntOf.length === 0) return known && { schema: 1, folders: [], files: 0 }
  if (learntOf.every((folder) => before.has(folder))) return undefined
  const wanted = new Map(remembered.all().map(([folder, text]) => [folder, countIn(text)]))
  const after = worthSurveying(workspace.root, wanted, before)
  return after.files > 0 || known ? { schema: 1, ...after } : undefined
}
