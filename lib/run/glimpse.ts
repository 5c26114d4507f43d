import type { Signatures } from '../inputs/signatures.ts'
import { localOutputs } from '../model/declarations.ts'
import { digestOf } from '../model/digest.ts'
import type { FileStates } from '../model/file-state.ts'
import type { Instance } from '../model/instance.ts'
import { type Made, type MadeBy, marksOf } from '../model/made.ts'
import type { Engine } from './engine.ts'
import { contentsOf, type Seen } from './glances.ts'
import { decidingOthers, inputSignatures } from './look-at-instance.ts'
import { digestOfMade, MadeLater } from './made-later.ts'
import { madeOf, type Outcome } from './outcome.ts'

/** That an instance is up to date, where that can be told at once: nothing was touched, or what was holds the same. */
export function upToDateAtAGlance(engine: Engine, instance: Instance, madeBy: MadeBy): Outcome | undefined {
  const seen = engine.glances.of(instance.id)
  const others = seen && decidingOthers(engine, instance, madeBy)
  if (!seen || others === undefined) return undefined
  const outside = outsideOf(engine, instance, others)
  const standing = outside && standingFromOutside(engine, instance)
  // Outputs first, since there are fewer of them.
  const outputs =
    standing !== undefined && standing === seen.standing ? vouchedFor : compareOutputs(engine, instance, seen)
  if (!outputs.isSame) return undefined
  const inputs =
    outside && outside === seen.outside ? vouchedFor : compareInputs(engine, instance, seen, others)
  if (!inputs.isSame) return undefined
  const learnt = {
    outside: inputs.isSettled ? outside : undefined,
    standing: outputs.isSettled ? standing : undefined,
  }
  const isNew =
    (inputs !== vouchedFor && learnt.outside) || (outputs !== vouchedFor && learnt.standing !== undefined)
  if (isNew) engine.glances.keep(instance.id, { ...seen, ...learnt })
  return { status: 'up-to-date', reasons: [], key: seen.key, made: madeAsSeen(engine, instance, seen) }
}

/** All that decides an instance's key, where a survey tells that it is what it was when the instance was up to date. */
export function decidingUntouched(engine: Engine, instance: Instance, madeBy: MadeBy): string | undefined {
  const outside = engine.glances.of(instance.id)?.outside
  const others = outside ? decidingOthers(engine, instance, madeBy) : undefined
  return others !== undefined && outsideOf(engine, instance, others) === outside ? others : undefined
}

/** What decides an instance's key, as a survey tells it. */
function outsideOf({ workspace, declarations, makers }: Engine, instance: Instance, others: string) {
  const inputs = workspace.survey?.print(declarations(instance).files, 'everywhere')
  return inputs === undefined ? undefined : digestOf([inputs, makers.print, others].join('\0\0'))
}

function standingFromOutside({ workspace, declarations }: Engine, instance: Instance) {
  const outputs = workspace.survey?.print(declarations(instance).outputs, 'at the root')
  return outputs === undefined || outputs.length < longestTold ? outputs : digestOf(outputs)
}

/** What is longer is remembered by its digest. */
const longestTold = 200

interface Compared {
  isSame: boolean
  /** No file was touched since the survey began, or so lately that it could change once more and look the same to it. */
  isSettled: boolean
}

/** Not looked at: a survey vouches for it. */
const vouchedFor: Compared = { isSame: true, isSettled: true }

function compareOutputs(engine: Engine, instance: Instance, seen: Seen): Compared {
  const sameAs = (states: FileStates) => digestOfMade(madeOfStates(states)) === seen.made
  return compared(engine, () => outputSignatures(engine, instance), sameAs)
}

function compareInputs(engine: Engine, instance: Instance, seen: Seen, others: string): Compared {
  const sameAs = (states: FileStates) => contentsOf(marksOf(states), others) === seen.contents
  return compared(engine, () => inputSignatures(engine, instance), sameAs)
}

function compared(
  { digests, workspace: { survey } }: Engine,
  look: () => Signatures,
  isSame: (states: FileStates) => boolean,
): Compared {
  try {
    const signatures = look()
    const states = digests.statesNow(signatures)
    return {
      isSame: states !== undefined && isSame(states),
      isSettled: signatures.settledAt < (survey?.began ?? 0),
    }
  } catch {
    return { isSame: false, isSettled: false } // whoever reads the files then says what is wrong with them
  }
}

/** What was made, where it stands as it did when it was last seen. */
export async function madeAtAGlance(engine: Engine, instance: Instance): Promise<Made | undefined> {
  const seen = engine.glances.of(instance.id)
  return seen && (await standsAsSeen(engine, instance, seen)) ? madeAsSeen(engine, instance, seen) : undefined
}

export async function standsAsSeen(
  engine: Engine,
  instance: Instance,
  { made }: Pick<Seen, 'made'>,
): Promise<boolean> {
  try {
    const states = await engine.digests.states(outputSignatures(engine, instance))
    return digestOfMade(madeOfStates(states)) === made
  } catch {
    return false // whoever reads the files then says what is wrong with them
  }
}

/** What was made, read when somebody asks for it. */
export function madeAsSeen(engine: Engine, instance: Instance, { key, made }: Seen): Made {
  return new MadeLater(made, () => {
    const record = engine.records.find(instance.id, key)
    const recorded = record && madeOf(record)
    return recorded && digestOfMade(recorded) === made ? recorded : madeNow(engine, instance)
  })
}

/** What stands is what was made, though its record is lost, or is of what was made of the same once more. */
function madeNow(engine: Engine, instance: Instance): Made {
  const { paths } = outputSignatures(engine, instance)
  const states = paths.flatMap((path) => {
    const state = engine.digests.state(path)
    return state ? [[path, state]] : []
  })
  return madeOfStates(Object.fromEntries(states))
}

function outputSignatures({ digests, finder, declarations }: Engine, instance: Instance) {
  return digests.signatures(finder.outputs(localOutputs(instance.task, declarations(instance))).paths)
}

function madeOfStates(outputs: FileStates): Made {
  return { outputs, collected: {} }
}
