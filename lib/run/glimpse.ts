import { localOutputs } from '../model/declarations.ts'
import type { Instance } from '../model/instance.ts'
import type { Engine } from './engine.ts'
import { glanceAt } from './glance.ts'
import { madeLater } from './made-later.ts'
import { madeOf, type Outcome } from './outcome.ts'
import type { MadeBy } from './step.ts'

/** That an instance is up to date, where a glance tells it: looking closely would find the same. */
export function upToDateAtAGlance(engine: Engine, instance: Instance, madeBy: MadeBy): Outcome | undefined {
  const glance = engine.glances.has(instance.id) ? glanceAt(engine, instance, madeBy) : undefined
  const seen = glance && engine.glances.find(instance.id, glance)
  if (!seen) return undefined
  const made = madeLater(seen.made, () => {
    const record = engine.records.find(instance.id, seen.key)
    return record ? madeOf(record) : madeNow(engine, instance)
  })
  return { status: 'up-to-date', reasons: [], key: seen.key, made }
}

/** What stands is what was made, though its record is lost. */
function madeNow({ declarations, digests, finder }: Engine, instance: Instance) {
  const { paths } = finder.outputs(localOutputs(instance.task, declarations(instance)))
  const outputs = Object.fromEntries(
    paths.flatMap((path) => {
      const state = digests.state(path)
      return state ? [[path, state]] : []
    }),
  )
  return { outputs, collected: {} }
}
