import type { Task } from '../model/task.ts'
import { startedAt } from '../model/uptime.ts'
import type { Workspace } from '../run/options.ts'
import { cacheLimit } from './cache/limit.ts'
import { chooseCluster } from './choose-cluster.ts'
import type { Context } from './command.ts'
import type { Link } from './main-options.ts'
import { relayHost } from './relay-host.ts'

export interface OpenWorkspace {
  workspace: Workspace
  links: Link[]
  close(): Promise<void>
}

/**
 * A workspace with its cluster. Connections are made later, by whoever asks a host.
 * @param tasks what was asked for, with all that it needs
 * @param opening.via the host from which files are to come to the others
 */
export async function openWorkspace(
  context: Context,
  tasks: Task[],
  { looking, via }: { looking: boolean; via?: string | undefined },
): Promise<OpenWorkspace> {
  const { root, graph, options } = context
  const { cluster, fleet, secrets, close } = await chooseCluster(context, tasks, looking)
  const { config, hosts } = cluster
  const relay = relayHost(options, cluster, via)
  const leaseHost = options.lease === undefined ? undefined : hosts[options.lease]?.[0]
  const wholeCluster = Object.keys(options.roles ?? {}).every((role) => hosts[role])
  return {
    workspace: {
      root,
      graph,
      config,
      fleet,
      secrets,
      ...(relay && { via: relay }),
      ...(leaseHost && { lease: leaseHost }),
      pools: options.pools ?? {},
      cacheLimit: cacheLimit(options),
      loadedAt: startedAt,
    },
    links: wholeCluster ? (options.links?.({ config, hosts }) ?? []) : [],
    close,
  }
}
