import { localOutputs } from '../model/declarations.ts'
import type { Instance } from '../model/instance.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './outcome.ts'
import { standing } from './standing.ts'
import type { Tools } from './tools.ts'

/** Once everything has run, looks whether a task has written over, or among, what another had made. */
export async function checkStanding(
  engine: Engine,
  outcomes: ReadonlyMap<Instance, Outcome>,
  { warn }: Tools,
): Promise<void> {
  if (![...outcomes.values()].some(({ status }) => status === 'ran')) return
  for (const [instance, { made }] of outcomes) {
    if (!made) continue
    const { task, id } = instance
    const recorded = task.on ? made.collected : made.outputs
    const patterns = localOutputs(task, engine.declarations(instance))
    const { missing, changed } = await standing(engine, patterns, recorded)
    for (const path of [...missing, ...changed]) warn({ kind: 'output-overwritten', task: id, path })
  }
}
