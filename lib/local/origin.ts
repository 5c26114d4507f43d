import type { Holder } from './lock-claim.ts'

/** Where a command comes from. Its environment says so: by it, what has outlived its task, or its run, is found. */
export interface Origin {
  run: string
  /** An instance. */
  task: string
}

export const holderVariable = 'AURORA_MESOSPHERE_HOLDER'

const variables = {
  task: 'AURORA_MESOSPHERE_TASK',
  run: 'AURORA_MESOSPHERE_RUN',
  workspace: 'AURORA_MESOSPHERE_WORKSPACE',
}

const taskOf = ({ run, task }: Origin) => `${run}/${task}`

/** Entries of a command's environment, each of which finds more than the one before. */
export const entryOf = {
  task: (origin: Origin) => `${variables.task}=${taskOf(origin)}`,
  run: ({ run }: Pick<Origin, 'run'>) => `${variables.run}=${run}`,
  workspace: ({ root }: { root: string }) => `${variables.workspace}=${root}`,
}

/** Those of a run, as variables, and who holds the workspace's lock for it. */
export function environmentOfRun(holder: Holder, root: string): Record<string, string> {
  return {
    [variables.run]: holder.run,
    [variables.workspace]: root,
    [holderVariable]: inOneWord(holder),
  }
}

/** That of a task. */
export function environmentOfTask(origin: Origin): Record<string, string> {
  return { [variables.task]: taskOf(origin) }
}

/** JSON without a space: that is how some systems separate variables. */
function inOneWord({ pid, started, boot, command, since, run }: Holder): string {
  return JSON.stringify({ pid, started, boot, command, since, run }).replaceAll(' ', '\\u0020')
}
