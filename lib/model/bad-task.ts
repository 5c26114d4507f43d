import { fileOf } from './graph.ts'
import { UsageError } from './problem.ts'
import type { Flaw } from './shape.ts'

/** A declaration that cannot be. Of the task itself nothing is certain: what it says of itself may be what is wrong. */
export function badTask(
  { name, module }: { name?: unknown; module?: unknown },
  { place, problem, advice }: Flaw,
): UsageError {
  return new UsageError({
    kind: 'bad-task',
    task: typeof name === 'string' ? name.slice(0, 100) : '',
    file: fileNamed(module),
    field: place,
    problem,
    advice: advice ?? 'See “The API for task authors” in lib/README.md.',
  })
}

function fileNamed(module: unknown): string {
  try {
    return typeof module === 'string' ? fileOf({ module }) : ''
  } catch {
    return '' // no URL of a file
  }
}
