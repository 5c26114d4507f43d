import { matcher } from '../inputs/find-files.ts'
import { firstTouched } from '../inputs/signatures.ts'
import type { FileStates } from '../model/file-state.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import type { MadeBy } from '../model/made.ts'
import type { Engine } from './engine.ts'
import { inputSignatures } from './glance.ts'
import { fileMarks } from './present-action.ts'
import { stands } from './standing.ts'
import type { Step, WatchedInputs } from './step.ts'

/** Takes down the outside of all that an instance is about to read; to be done before the key is made. */
export function watchInputs(engine: Engine, instance: Instance, madeBy: MadeBy): WatchedInputs {
  return {
    own: inputSignatures(engine, instance),
    needed: engine.digests.signatures(Object.keys(neededHere(instance, madeBy))),
  }
}

/** A file that something changed since the key was made: the result belongs to neither content, though the first may be
 *  back. So does that of code that was edited after it was loaded. */
export async function changedInput(step: Step): Promise<string | undefined> {
  const { engine, instance, watched } = step
  engine.finder.forget()
  const { own, needed } = watchInputs(engine, instance, step.madeBy)
  return (
    firstTouched(watched.own, own) ??
    firstTouched(watched.needed, needed) ??
    (watched.own.settled && watched.needed.settled ? undefined : await changedContent(step)) ??
    engine.definitions.changedSince(fileOf(instance.task), engine.workspace.loadedAt)
  )
}

/** Where files had not settled yet, their outside does not tell. */
async function changedContent({ engine, instance, judgement, madeBy }: Step): Promise<string | undefined> {
  const before = judgement.action.files
  const after = await fileMarks(engine, instance)
  const needed = neededHere(instance, madeBy)
  return (
    Object.keys({ ...before, ...after }).find((path) => before[path] !== after[path]) ??
    Object.keys(needed).find((path) => !stands(engine, path, needed[path]))
  )
}

function neededHere({ needs }: Instance, madeBy: MadeBy): FileStates {
  const counting = needs.flatMap(({ need, instances }) => {
    const counts = need.only ? matcher(need.only) : () => true
    return instances.flatMap((one) => Object.entries(madeHere(one, madeBy)).filter(([path]) => counts(path)))
  })
  return Object.fromEntries(counting)
}

function madeHere(instance: Instance, madeBy: MadeBy): FileStates {
  const made = madeBy(instance)
  return (instance.task.on ? made?.collected : made?.outputs) ?? {}
}
