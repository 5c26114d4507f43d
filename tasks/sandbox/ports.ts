import type { Host, SandboxFacts } from '../../lib/index.ts'

const slaves = ['slave-1', 'slave-2', 'slave-3', 'slave-4']

/** What listens on ports of its own, as all hosts of a sandbox share one address. */
export const portNames = [
  'scheduler',
  'libprocess',
  'zookeeper',
  'mesos-master',
  ...slaves.flatMap((name) => [`mesos-${name}`, `observer-${name}`]),
]

const usual: Record<string, number> = {
  scheduler: 8081,
  libprocess: 8083,
  zookeeper: 2181,
  'mesos-master': 5050,
}

/** The reserved port, else, on hosts with addresses of their own, the usual one. */
export function portOf({ ports }: SandboxFacts, name: string): number {
  return ports[name] ?? usual[name] ?? (name.startsWith('observer-') ? 1338 : 5051)
}

export function mesosPort(facts: SandboxFacts, host: Pick<Host, 'name'>): number {
  return portOf(facts, `mesos-${host.name}`)
}

/** Host name → port, as the cluster file has it. */
export function observerPorts(facts: SandboxFacts): Record<string, number> {
  return Object.fromEntries(slaves.map((name) => [name, portOf(facts, `observer-${name}`)]))
}
