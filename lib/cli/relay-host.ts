import type { Cluster } from '../model/cluster.ts'
import type { Host } from '../model/host.ts'
import { nearest } from '../model/nearest.ts'
import { UsageError } from '../model/problem.ts'
import type { MainOptions } from './main-options.ts'

/**
 * The host from which files come to the others.
 * @param given by `--via`: goes before what the workspace says
 */
export function relayHost(
  options: MainOptions,
  { config, hosts }: Cluster,
  given: string | undefined,
): Host | undefined {
  const wanted = given ?? options.via?.({ config, hosts })
  if (wanted === undefined || wanted === 'none') return undefined
  const all = Object.values(hosts).flat()
  const host = all.find(({ name }) => name === wanted) ?? theOne(hosts[wanted])
  if (host) return host
  const names = ['none', ...all.map(({ name }) => name)]
  const [meant] = nearest(wanted, names)
  throw new UsageError({
    kind: 'bad-option',
    option: '--via',
    problem: `must be a host of this cluster, or \`none\`, not \`${wanted}\``,
    ...(meant && { nearest: meant }),
  })
}

function theOne(hosts: Host[] = []): Host | undefined {
  return hosts.length === 1 ? hosts[0] : undefined
}
