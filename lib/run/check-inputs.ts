import { fileOf } from '../model/graph.ts'
import { isGlob } from '../model/pattern.ts'
import { UsageError } from '../model/problem.ts'
import type { Engine } from './engine.ts'
import { madeInputs } from './made-inputs.ts'

/** Refuses declared inputs that are not there, unless a task will make them. */
export function checkInputs(engine: Engine): void {
  for (const instance of engine.instances) {
    const declared = engine.declarations(instance)
    if (declared.files.every(isGlob)) continue
    const missing = missingAmong(declared.files, engine)
    if (missing.length === 0) continue
    const made = new Set(madeInputs(instance, declared, engine.makers).map(({ input }) => input))
    const path = missing.find((path) => !made.has(path))
    if (path === undefined) continue
    const { task } = instance
    throw new UsageError({ kind: 'missing-input', task: task.name, path, file: fileOf(task) })
  }
}

function missingAmong(files: string[], { finder }: Engine): string[] {
  try {
    return finder.inputs(files).missing
  } catch {
    return [] // whoever reads the files says what is wrong with them
  }
}
