import type { Roles } from '../model/host.ts'
import { choice, flag, list, type Option, text } from './option.ts'

/** What every command takes. */
export const commonOptions = {
  cluster: text('FILE', 'cluster file (default: cluster.yml at the root, else the sandbox)'),
  user: text('USER', 'user on the hosts that are named by role'),
  'ask-sudo-password': flag('ask for the password with which sudo on the hosts makes the user root'),
  'log-format': choice(['auto', 'plain', 'json'], 'how a run tells its story'),
  quiet: flag('only failures and the summary'),
  verbose: flag('every reason, and a line for everything'),
  color: choice(['auto', 'always', 'never'], 'colours (auto: on a terminal, unless NO_COLOR is set)'),
  help: flag('show help'),
}

/** `--master HOST`, `--slaves HOST,HOST…`: hosts by role, instead of a cluster file. */
export function roleOptions(roles: Roles): Record<string, Option<string[]>> {
  const option = ([role, how]: [string, 'one' | 'many']) =>
    [
      role,
      list(how === 'one' ? 'HOST' : 'HOST,…', `${role} of the cluster, instead of a cluster file`),
    ] as const
  return Object.fromEntries(Object.entries(roles).map(option))
}
