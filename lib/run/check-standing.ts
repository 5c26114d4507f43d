import { fileFaultOf } from '../disk/file-fault-of.ts'
import { tickOf } from '../inputs/signatures.ts'
import { localOutputs } from '../model/declarations.ts'
import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import { isGlob } from '../model/pattern.ts'
import type { Status } from '../model/status.ts'
import type { Engine } from './engine.ts'
import { standsAsSeen } from './glimpse.ts'
import { digestOfMade } from './made-later.ts'
import type { Outcome } from './outcome.ts'
import { standing } from './standing.ts'
import type { Tools } from './tools.ts'

/** Once everything has run, looks whether a task has written over, or among, what another had made. What stands is
 *  remembered. */
export async function checkStanding(
  engine: Engine,
  outcomes: ReadonlyMap<Instance, Outcome>,
  { began, signal, warn }: Tools,
): Promise<void> {
  const someRan = [...outcomes.values()].some(({ status }) => status === 'ran' || status === 'failed')
  for (const [instance, { status, key, made, contents }] of outcomes) {
    if (!made) continue
    const { id } = instance
    const isNew = status !== 'up-to-date'
    try {
      const mayDiffer = someRan && (isNew || mayBeTouched(engine, instance, began))
      const paths = mayDiffer ? await overwritten(engine, instance, status, made) : []
      for (const path of paths) warn({ kind: 'output-overwritten', task: id, path })
      if (isNew && contents && key && paths.length === 0)
        engine.glances.keep(id, { contents, key, made: digestOfMade(made) })
    } catch (error) {
      if (signal.aborted) continue // nobody waits for what takes long
      const fault = fileFaultOf(error, engine.workspace.root)
      if (!fault) throw error
      warn({ kind: 'outputs-out-of-reach', task: id, fault })
    }
  }
}

/** Most are named, and were not touched since the run began: these stand. */
function mayBeTouched({ declarations, digests }: Engine, instance: Instance, began: number): boolean {
  const patterns = localOutputs(instance.task, declarations(instance))
  return patterns.some((path) => isGlob(path) || digests.isTouchedSince(path, began, tickOf))
}

async function overwritten(
  engine: Engine,
  instance: Instance,
  status: Status,
  made: Made,
): Promise<string[]> {
  const { task } = instance
  const seen = { made: digestOfMade(made) }
  if (status === 'up-to-date' && !task.on && (await standsAsSeen(engine, instance, seen))) return []
  const recorded = task.on ? made.collected : made.outputs
  const patterns = localOutputs(task, engine.declarations(instance))
  const { missing, changed } = await standing(engine, patterns, recorded)
  return [...missing, ...changed]
}
