import { matcher } from '../inputs/find-files.ts'
import { firstTouched, type Signatures } from '../inputs/signatures.ts'
import { type FileStates, sameFile } from '../model/file-state.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import type { MadeBy } from '../model/made.ts'
import { inputSignatures } from './look-at-instance.ts'
import { fileMarks } from './present-action.ts'
import type { Step } from './step.ts'

/** Takes down, before the instance runs, the outside of what needed tasks made for it here.
 *  @returns tells a file that something changed since the key was made: the result belongs to neither content, though the
 *  first may be back. So does that of code that was edited after it was loaded. */
export function watchInputs(step: Step, inputs: Signatures): () => Promise<string | undefined> {
  const { engine, instance } = step
  const { definitions, digests, finder, workspace } = engine
  const needed = neededHere(step)
  const before = digests.signatures(Object.keys(needed))
  return async () => {
    finder.forget()
    const now = digests.signatures(before.paths)
    return (
      firstTouched(inputs, inputSignatures(engine, instance)) ??
      firstTouched(before, now) ??
      firstOther(needed, await digests.states(now)) ??
      (inputs.settled ? undefined : await changedContent(step)) ??
      definitions.changedSince(fileOf(instance.task), workspace.loadedAt)
    )
  }
}

function firstOther(expected: FileStates, found: FileStates): string | undefined {
  return Object.keys(expected).find((path) => !sameFile(found[path], expected[path]))
}

/** Where files had not settled yet, their outside does not tell. */
async function changedContent({ engine, instance, judgement }: Step): Promise<string | undefined> {
  const before = judgement.action.files
  const after = await fileMarks(engine, inputSignatures(engine, instance))
  return Object.keys({ ...before, ...after }).find((path) => before[path] !== after[path])
}

/** What counts of what needed tasks made. */
function neededHere({ instance, madeBy }: Step): FileStates {
  const counting = instance.needs.flatMap(({ need, instances }) => {
    const counts = need.only ? matcher(need.only) : () => true
    return instances.flatMap((one) => Object.entries(madeHere(one, madeBy)).filter(([path]) => counts(path)))
  })
  return Object.fromEntries(counting)
}

function madeHere(instance: Instance, madeBy: MadeBy): FileStates {
  const made = madeBy(instance)
  return (instance.task.on ? made?.collected : made?.outputs) ?? {}
}
