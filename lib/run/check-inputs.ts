import { fileOf } from '../model/graph.ts'
import { UsageError } from '../model/problem.ts'
import type { Engine } from './engine.ts'

/** Refuses declared inputs that are not there, unless a task will make them. */
export function checkInputs({ instances, declarations, finder, makerOf }: Engine): void {
  for (const instance of instances) {
    const { missing } = finder.inputs(declarations(instance).files)
    const path = missing.find((path) => !makerOf(path))
    if (path === undefined) continue
    const { task } = instance
    throw new UsageError({ kind: 'missing-input', task: task.name, path, file: fileOf(task) })
  }
}
