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

/** Entries of a command's environment, each of which finds more than the one before. */
export const entryOf = {
  task: ({ run, task }: Pick<Origin, 'run' | 'task'>) => `AURORA_MESOSPHERE_TASK=${run}/${task}`,
  run: ({ run }: Pick<Origin, 'run'>) => `AURORA_MESOSPHERE_RUN=${run}`,
  workspace: ({ root }: Pick<Origin, 'root'>) => `AURORA_MESOSPHERE_WORKSPACE=${root}`,
}

/** All of them, as variables, and who holds the workspace's lock for the command. */
export function environmentOf(origin: Origin): Record<string, string> {
  const entries = [entryOf.task(origin), entryOf.run(origin), entryOf.workspace(origin)]
  return {
    ...Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
    [holderVariable]: inOneWord(origin),
  }
}

/** JSON without a space: that is how some systems separate variables. */
function inOneWord({ pid, started, boot, command, since, run }: Holder): string {
  return JSON.stringify({ pid, started, boot, command, since, run }).replaceAll(' ', '\\u0020')
}
