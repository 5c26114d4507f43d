import { localOutputs } from '../model/declarations.ts'
import type { Instance } from '../model/instance.ts'
import type { Engine } from './engine.ts'
import { standingAt } from './glance.ts'
import { digestOfMade } from './made-later.ts'
import type { Outcome } from './outcome.ts'
import { standing } from './standing.ts'
import type { Tools } from './tools.ts'

/** Once everything has run, looks whether a task has written over, or among, what another had made. What stands is
 *  remembered by how it looks from outside. */
export async function checkStanding(
  engine: Engine,
  outcomes: ReadonlyMap<Instance, Outcome>,
  { warn }: Tools,
): Promise<void> {
  const someRan = [...outcomes.values()].some(({ status }) => status === 'ran')
  for (const [instance, { status, key, made, glance }] of outcomes) {
    if (!made || (status === 'up-to-date' && !someRan)) continue
    const { task, id } = instance
    const now = standingAt(engine, instance)
    if (status === 'up-to-date' && !task.on && engine.glances.of(id)?.standing === now.text) continue
    const recorded = task.on ? made.collected : made.outputs
    const patterns = localOutputs(task, engine.declarations(instance))
    const { missing, changed } = await standing(engine, patterns, recorded)
    for (const path of [...missing, ...changed]) warn({ kind: 'output-overwritten', task: id, path })
    if (glance && key && missing.length + changed.length === 0)
      engine.glances.keep(id, { ...glance, standing: now }, { key, made: digestOfMade(made) })
  }
}
