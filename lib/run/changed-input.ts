import { matcher } from '../inputs/find-files.ts'
import type { FileStates } from '../model/file-state.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import { fileMarks } from './present-action.ts'
import { stands } from './standing.ts'
import type { Step } from './step.ts'

/** Takes down what the instance is about to read.
 *  @returns tells, once it has run, a file of it that something changed meanwhile: the result belongs to neither content,
 *  though the first may be back. So does that of code that was edited after it was loaded. */
export function watchInputs(step: Step): () => Promise<string | undefined> {
  const { engine, instance, judgement } = step
  const { definitions, digests, workspace } = engine
  const needed = neededHere(step)
  const read = [...Object.keys(judgement.action.files), ...Object.keys(needed)]
  const before = new Map(read.map((path) => [path, digests.signature(path)]))
  return async () =>
    (await changedFile(step)) ??
    Object.keys(needed).find((path) => !stands(engine, path, needed[path])) ??
    read.find((path) => digests.signature(path) !== before.get(path)) ??
    definitions.changedSince(fileOf(instance.task), workspace.loadedAt)
}

/** One that is not what it was when the key was made. */
async function changedFile({ engine, instance, judgement }: Step): Promise<string | undefined> {
  engine.finder.forget()
  const before = judgement.action.files
  const after = await fileMarks(engine, instance)
  const paths = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...paths].find((path) => before[path] !== after[path])
}

/** What counts of what needed tasks made here. */
function neededHere({ instance, madeBy }: Step): FileStates {
  const counting = instance.needs.flatMap(({ need, instances }) => {
    const counts = need.only ? matcher(need.only) : () => true
    return instances.flatMap((one) => Object.entries(madeHere(one, madeBy)).filter(([path]) => counts(path)))
  })
  return Object.fromEntries(counting)
}

function madeHere(instance: Instance, madeBy: Step['madeBy']): FileStates {
  const made = madeBy(instance)
  return (instance.task.on ? made?.collected : made?.outputs) ?? {}
}
