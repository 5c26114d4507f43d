import { matcher } from '../inputs/find-files.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import { fileMarks } from './present-action.ts'
import { stands } from './standing.ts'
import type { Step } from './step.ts'

/** A file that the instance read and that is not what it was when the key was made: the result belongs to neither content.
 *  So does that of code that was edited after it was loaded. */
export async function changedInput(step: Step): Promise<string | undefined> {
  const { engine, instance } = step
  const { definitions, workspace } = engine
  return (
    (await changedFile(step)) ??
    changedNeed(step) ??
    definitions.changedSince(fileOf(instance.task), workspace.loadedAt)
  )
}

async function changedFile({ engine, instance, judgement }: Step): Promise<string | undefined> {
  engine.finder.forget()
  const before = judgement.action.files
  const after = await fileMarks(engine, instance)
  const paths = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...paths].find((path) => before[path] !== after[path])
}

/** Of what needed tasks made here. */
function changedNeed({ engine, instance, madeBy }: Step): string | undefined {
  for (const { need, instances } of instance.needs) {
    const counts = need.only ? matcher(need.only) : () => true
    for (const one of instances) {
      const made = Object.entries(madeHere(one, madeBy))
      const changed = made.find(([path, state]) => counts(path) && !stands(engine, path, state))
      if (changed) return changed[0]
    }
  }
  return undefined
}

function madeHere(instance: Instance, madeBy: Step['madeBy']) {
  const made = madeBy(instance)
  return (instance.task.on ? made?.collected : made?.outputs) ?? {}
}
