import { existsSync } from 'node:fs'
import { NotCode } from '../inputs/not-code.ts'
import { badTask } from '../model/bad-task.ts'
import type { Digest } from '../model/digest.ts'
import { fileOf } from '../model/graph.ts'
import type { Task } from '../model/task.ts'
import type { Engine } from './engine.ts'

/** Tells what a task does from anything else that it may come to do. */
export async function definitionOf({ definitions }: Engine, task: Task): Promise<Digest> {
  try {
    return await definitions.of(fileOf(task))
  } catch (error) {
    if (!(error instanceof NotCode)) throw error
    throw badTask(task, {
      place: 'module',
      problem: existsSync(fileOf(task))
        ? `cannot be read as code: ${error.message}`
        : 'names a file that does not exist',
      advice:
        'It must be `import.meta.url` of the file that declares the task, and that must import only what is there.',
    })
  }
}
