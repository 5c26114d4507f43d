/** Where a command comes from. Its environment says so: by it, what has outlived its task, or its run, is found. */
export interface Origin {
  /** The workspace. */
  root: string
  run: string
  /** An instance. */
  task: string
}

/** Entries of a command's environment, each of which finds more than the one before. */
export const entryOf = {
  task: ({ run, task }: Pick<Origin, 'run' | 'task'>) => `AURORA_MESOSPHERE_TASK=${run}/${task}`,
  run: ({ run }: Pick<Origin, 'run'>) => `AURORA_MESOSPHERE_RUN=${run}`,
  workspace: ({ root }: Pick<Origin, 'root'>) => `AURORA_MESOSPHERE_WORKSPACE=${root}`,
}

/** All of them, as variables. */
export function environmentOf(origin: Origin): Record<string, string> {
  const entries = [entryOf.task(origin), entryOf.run(origin), entryOf.workspace(origin)]
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
}
