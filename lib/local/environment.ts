import type { Holder } from './lock-claim.ts'
import { environmentOfRun, environmentOfTask, type Origin } from './origin.ts'

/** Variables that every command sees, declared or not: they say who and where, and decide no result that is declared. */
export const commonVariables = [
  'PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TERM', 'TMPDIR',
  'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY',
] // biome-ignore format: a list to read at a glance

/** What every command of a run sees. `holder`: the run in the words of its lock; `root`: its workspace. */
export function commonEnvironment(holder: Holder, root: string): Record<string, string> {
  // Without SHLVL, a bash whose stdin is a socket takes itself for a remote login, and reads ~/.bashrc.
  return { ...environmentOfRun(holder, root), SHLVL: '1', ...valuesOf(commonVariables) }
}

/** All that a command sees: nothing undeclared of the operator's environment. */
export function commandEnvironment(
  common: Record<string, string>,
  declared: string[],
  origin: Origin,
): Record<string, string> {
  return { ...common, ...environmentOfTask(origin), ...valuesOf(declared) }
}

function valuesOf(names: string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of names) {
    const value = process.env[name]
    if (value !== undefined) values[name] = value
  }
  return values
}
