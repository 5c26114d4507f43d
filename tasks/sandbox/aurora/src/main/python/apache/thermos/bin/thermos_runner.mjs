// The miniature runner: it lies within the executor, which has no task for it.
import { readOptions } from '../../common/options.mjs'

export function main(args) {
  readOptions('thermos_runner', args, { task_id: undefined, sandbox: undefined, checkpoint_root: undefined })
  console.error('The miniature Aurora of a sandbox runs no tasks.')
  process.exitCode = 1
}
