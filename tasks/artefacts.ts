/** What `./pants binary` makes of Aurora 0.7.0, by target. */

export const clientTargets = [
  'src/main/python/apache/aurora/client/cli:aurora',
  'src/main/python/apache/aurora/admin:aurora_admin',
]

const executorTargets = [
  'src/main/python/apache/aurora/executor/bin:thermos_executor',
  'src/main/python/apache/aurora/executor/bin:gc_executor',
  'src/main/python/apache/thermos/observer/bin:thermos_observer',
]

/** The runner is not for slaves themselves: it goes inside the executor. */
export const thermosTargets = ['src/main/python/apache/thermos/bin:thermos_runner', ...executorTargets]

/** The files that slaves get. */
export const executorFiles = executorTargets.map(pexOf)

export function pexOf(target: string): string {
  return `${target.slice(target.indexOf(':') + 1)}.pex`
}
