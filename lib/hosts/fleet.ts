import type { Cluster } from '../model/cluster.ts'
import type { Host } from '../model/host.ts'
import type { Fleet, HostSession } from '../model/host-session.ts'
import { gateOf } from './connect-gate.ts'
import type { Pace } from './remote.ts'

export interface FleetOptions {
  /** Connections made to one address at a time: sshd turns away who comes in a crowd. */
  connectLimit?: number
  /** For the logs of scripts. */
  pace?: Pace
  /** Milliseconds without progress after which a transfer is stalled. */
  patience?: number
}

/**
 * The hosts of a cluster, and one session each, opened when first asked for. A session that could not be opened is
 * tried again when asked for again.
 */
export function openFleet(cluster: Cluster, options: FleetOptions = {}): Fleet {
  const sessions = new Map<string, Promise<HostSession>>()
  const gate = gateOf(options.connectLimit ?? 8)
  const open = async (host: Host) => {
    // The SSH libraries take a while to load: only what talks to a host pays for it.
    const { openSession } = await import('./session.ts')
    const { pace = () => {}, patience = 30_000 } = options
    return openSession(host, cluster.ssh, gate, { pace, patience })
  }
  return {
    hosts: cluster.hosts,
    session(host) {
      const standing = sessions.get(host.name)
      if (standing) return standing
      const opening = open(host)
      sessions.set(host.name, opening)
      opening.catch(() => sessions.delete(host.name))
      return opening
    },
    async close() {
      const opened = await Promise.allSettled(sessions.values())
      sessions.clear()
      await Promise.all(
        opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value.close()] : [])),
      )
    },
  }
}
