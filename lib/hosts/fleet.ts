import type { Cluster } from '../model/cluster.ts'
import type { Host } from '../model/host.ts'
import type { Fleet } from '../model/host-session.ts'
import type { Hold, Pace } from './remote/remote.ts'
import type { LeasingSession } from './session.ts'
import { gateOf } from './ssh/connect-gate.ts'

export interface FleetOptions {
  /** Connections made to one address at a time: sshd turns away who comes in a crowd. */
  connectLimit?: number
  /** For the logs of scripts. */
  pace?: Pace
  /** Milliseconds without progress after which a transfer is stalled. */
  patience?: number
  /** With which sudo lets the login user become root, where it asks for one. */
  sudoPassword?: string | undefined
}

/**
 * The hosts of a cluster, and one session each, opened when first asked for. One that could not be opened is not tried
 * again for a while: a host that is dead must not cost its time-out to each that asks for it.
 */
export function openFleet(cluster: Cluster, options: FleetOptions = {}): Fleet {
  const sessions = new Map<string, Promise<LeasingSession>>()
  const silences = new Map<string, Silence>()
  const hold: Hold = {}
  const gate = gateOf(options.connectLimit ?? 8)
  const silenceOf = (host: Host) => {
    const silence = silences.get(host.name) ?? newSilence()
    silences.set(host.name, silence)
    return silence
  }
  const open = async (host: Host) => {
    // The SSH libraries take a while to load: only what talks to a host pays for it.
    const { openSession } = await import('./session.ts')
    const { pace = () => {}, patience = 30_000, sudoPassword } = options
    const onSilence = silenceOf(host).begin
    const session = await openSession(host, cluster.ssh, gate, {
      hold,
      pace,
      patience,
      sudoPassword,
      onSilence,
    })
    silences.delete(host.name)
    return session
  }
  const session = (host: Host) => {
    const standing = sessions.get(host.name)
    if (standing) return standing
    const opening = open(host)
    sessions.set(host.name, opening)
    opening.catch(() => setTimeout(() => sessions.delete(host.name), rememberedMs).unref())
    return opening
  }
  return {
    hosts: cluster.hosts,
    session,
    silence: (host) => silenceOf(host).begun,
    lease: async (host) => (await session(host)).lease,
    async close() {
      const opened = await Promise.allSettled(sessions.values())
      sessions.clear()
      await Promise.all(
        opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value.close()] : [])),
      )
    },
  }
}

const rememberedMs = 30_000

interface Silence {
  begun: Promise<void>
  begin(): void
}

function newSilence(): Silence {
  let begin = () => {}
  const begun = new Promise<void>((resolve) => (begin = resolve))
  return { begun, begin }
}
