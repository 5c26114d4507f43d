import type { Cluster } from '../model/cluster.ts'
import type { Host } from '../model/host.ts'
import type { Fleet, HostSession } from '../model/host-session.ts'
import { gateOf } from './connect-gate.ts'

/**
 * The hosts of a cluster, and one session each, opened when first asked for. A session that could not be opened is
 * tried again when asked for again.
 * @param options.connectLimit connections made to one address at a time: sshd turns away who comes in a crowd
 */
export function openFleet(cluster: Cluster, options: { connectLimit?: number } = {}): Fleet {
  const sessions = new Map<string, Promise<HostSession>>()
  const gate = gateOf(options.connectLimit ?? 8)
  const open = async (host: Host) => {
    // The SSH libraries take a while to load: only what talks to a host pays for it.
    const { openSession } = await import('./session.ts')
    return openSession(host, cluster.ssh, gate)
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
