import type { Signatures } from '../inputs/signatures.ts'
import { localOutputs } from '../model/declarations.ts'
import type { Digest } from '../model/digest.ts'
import type { Instance } from '../model/instance.ts'
import { type Made, type MadeBy, marksOf } from '../model/made.ts'
import type { Engine } from './engine.ts'
import { glimpseOf, standingAt } from './glance.ts'
import { contentsOf, type Glance, type Seen } from './glances.ts'
import { digestOfMade, madeLater } from './made-later.ts'
import { madeOf, type Outcome } from './outcome.ts'

/** That an instance is up to date, where a glance tells it, or its input files were merely touched: looking closely would
 *  find the same. */
export function upToDateAtAGlance(engine: Engine, instance: Instance, madeBy: MadeBy): Outcome | undefined {
  const seen = engine.glances.of(instance.id)
  const { inputs, glance } = (seen && glimpseOf(engine, instance, madeBy)) ?? {}
  if (!seen || !inputs || !glance || seen.standing !== glance.standing.text) return undefined
  if (seen.deciding !== glance.deciding.text) {
    if (seen.contents !== contentsNow(engine, inputs, glance)) return undefined
    engine.glances.keep(instance.id, glance, seen)
  }
  return { status: 'up-to-date', reasons: [], key: seen.key, made: madeAsSeen(engine, instance, seen) }
}

/** Undefined where it takes long to read them, and where they cannot be read. */
function contentsNow({ digests }: Engine, inputs: Signatures, glance: Glance): Digest | undefined {
  try {
    const states = digests.statesNow(inputs)
    return states && contentsOf(marksOf(states), glance)
  } catch {
    return undefined // whoever reads them then says what is wrong with them
  }
}

/** What was made, and stands as it did when it was last seen. */
export function madeAtAGlance(engine: Engine, instance: Instance): Made | undefined {
  const seen = engine.glances.of(instance.id)
  return seen && seen.standing === standingAt(engine, instance)?.text
    ? madeAsSeen(engine, instance, seen)
    : undefined
}

/** What was made, read when somebody asks for it. */
export function madeAsSeen(engine: Engine, instance: Instance, { key, made }: Seen): Made {
  return madeLater(made, () => {
    const record = engine.records.find(instance.id, key)
    const recorded = record && madeOf(record)
    return recorded && digestOfMade(recorded) === made ? recorded : madeNow(engine, instance)
  })
}

/** What stands is what was made, though its record is lost, or is of what was made of the same once more. */
function madeNow({ declarations, digests, finder }: Engine, instance: Instance): Made {
  const { paths } = finder.outputs(localOutputs(instance.task, declarations(instance)))
  const outputs = Object.fromEntries(
    paths.flatMap((path) => {
      const state = digests.state(path)
      return state ? [[path, state]] : []
    }),
  )
  return { outputs, collected: {} }
}
