import type { Holder } from './lock-claim.ts'

/** Where a command comes from: a run, in the words of its lock. Its environment says so: by it, what has outlived its task,
 *  or its run, is found. */
export interface Origin extends Holder {
  /** The workspace. */
  root: string
  /** An instance. */
  task: string
}

export const holderVariable = 'AURORA_MESOSPHERE_HOLDER'

const variables = {
  task: 'AURORA_MESOSPHERE_TASK',
  run: 'AURORA_MESOSPHERE_RUN',
  workspace: 'AURORA_MESOSPHERE_WORKSPACE',
}

const taskOf = ({ run, task }: Pick<Origin, 'run' | 'task'>) => `${run}/${task}`

/** Entries of a command's environment, each of which finds more than the one before. */
export const entryOf = {
  task: (origin: Pick<Origin, 'run' | 'task'>) => `${variables.task}=${taskOf(origin)}`,
  run: ({ run }: Pick<Origin, 'run'>) => `${variables.run}=${run}`,
  workspace: ({ root }: Pick<Origin, 'root'>) => `${variables.workspace}=${root}`,
}

/** All of them, as variables, and who holds the workspace's lock for the command. */
export function environmentOf(origin: Origin): Record<string, string> {
  const { run, root } = origin
  return {
    [variables.task]: taskOf(origin),
    [variables.run]: run,
    [variables.workspace]: root,
    [holderVariable]: inOneWord(origin),
  }
}

/** JSON without a space: that is how some systems separate variables. */
function inOneWord({ pid, started, boot, command, since, run }: Holder): string {
  return JSON.stringify({ pid, started, boot, command, since, run }).replaceAll(' ', '\\u0020')
}
