import { fileOf } from '../model/graph.ts'
import { UsageError } from '../model/problem.ts'
import type { Engine } from './engine.ts'
import { madeInputs } from './made-inputs.ts'

/** Refuses declared inputs that are not there, unless a task will make them. */
export function checkInputs({ instances, declarations, finder, makers }: Engine): void {
  for (const instance of instances) {
    const declared = declarations(instance)
    const { missing } = finder.inputs(declared.files)
    if (missing.length === 0) continue
    const made = new Set(madeInputs(instance, declared, makers).map(({ input }) => input))
    const path = missing.find((path) => !made.has(path))
    if (path === undefined) continue
    const { task } = instance
    throw new UsageError({ kind: 'missing-input', task: task.name, path, file: fileOf(task) })
  }
}
