import type { Roles } from '../model/host.ts'

/** What is known of a cluster when its file is written. */
export interface Answers {
  name: string
  user: string | undefined
  /** Addresses by role; a role without any is written as an example. */
  hosts: Record<string, string[]>
}

/** The text of a cluster file; what is not known stands there as a comment. */
export function clusterTemplate({ name, user, hosts }: Answers, roles: Roles): string {
  const lines = Object.entries(roles).map(([role, how]) => roleLine(role, how, hosts[role] ?? []))
  return [
    '# The cluster that tasks work on. An address may be written as user@host:port, or at length:',
    '#   { address: 203.0.113.13, port: 2222, user: admin, name: big }',
    `name: ${scalar(name)}`,
    user === undefined ? '# user: admin    # default: what ~/.ssh/config says' : `user: ${scalar(user)}`,
    lines.length === 0 || lines.every((line) => line.startsWith('  #')) ? 'hosts: # fill in' : 'hosts:',
    ...lines,
    '# ssh: { identity: ~/.ssh/id_ed25519, knownHosts: ~/.ssh/known_hosts }    # default: what ~/.ssh/config says',
    '',
  ].join('\n')
}

function roleLine(role: string, how: 'one' | 'many', addresses: string[]): string {
  const [first] = addresses
  if (first === undefined)
    return how === 'one' ? `  # ${role}: 203.0.113.10` : `  # ${role}: [203.0.113.11, 203.0.113.12]`
  return `  ${role}: ${how === 'one' ? scalar(first) : `[${addresses.map(scalar).join(', ')}]`}`
}

/** As it is where YAML can only take it for text, in quotes elsewhere. */
function scalar(text: string): string {
  const plain = /^([a-z][a-z0-9-]*(\.[a-z0-9-]+)*|\d+\.\d+\.\d+\.\d+)$/.test(text)
  return plain && !/^(true|false|null|yes|no|on|off|y|n)$/.test(text) ? text : JSON.stringify(text)
}
