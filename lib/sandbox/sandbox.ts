import { readFileSync } from 'node:fs'
import { atReadersPace } from '../local/readers-pace.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Host, Hosts } from '../model/host.ts'
import type { Fleet } from '../model/host-session.ts'
import { absentSession, refuseAbsent } from './absent.ts'
import { standsWhole } from './complete.ts'
import { ensureRunning } from './ensure-running.ts'
import { hostEnvironment } from './environment.ts'
import { sandboxUser } from './layout.ts'
import { readManifest } from './manifest.ts'
import type { SandboxOptions } from './options.ts'
import type { Plan } from './plan.ts'
import { factsOf, planOf } from './plan.ts'
import type { HostServer } from './server.ts'

export interface OpenSandbox<Config = unknown> {
  cluster: Cluster<Config>
  fleet: Fleet
  /** False when it was made just now, or, for a look, would be. */
  existed: boolean
  /** Ends the connections and the servers. Services, and what tasks started, live on until `sandboxDown`. */
  close(): Promise<void>
}

/**
 * Opens the embedded cluster of a workspace: makes what is missing, starts the services that do not live, and serves its
 * hosts from this process. For a look nothing is made or started, and hosts that do not exist answer that nothing is known.
 *
 * @param root absolute path of the workspace
 */
export async function openSandbox<Config>(wanted: {
  root: string
  options: SandboxOptions<Config>
  looking: boolean
}): Promise<OpenSandbox<Config>> {
  const { root, options, looking } = wanted
  const plan = planOf(root, options)
  const { layout } = plan
  const before = readManifest(layout)
  const manifest = looking ? before : await ensureRunning(plan)

  if (manifest && !looking) await options.prepare?.(factsOf(plan, manifest.ports))
  const present = plan.hosts.filter((host) => manifest && standsWhole(host, layout, manifest))
  const servers = await serveHosts(present, plan)
  const cluster: Cluster<Config> = {
    name: 'sandbox',
    hosts: byRole(plan.hosts.map((host) => ({ ...host, port: servers.get(host.name)?.port }))),
    ssh: { identity: layout.clientKey, knownHosts: layout.knownHosts, standalone: true },
    config: await options.config(factsOf(plan, manifest?.ports ?? {})),
  }
  const fleet = await fleetOf(cluster, servers)
  return {
    cluster,
    fleet,
    existed: before !== undefined,
    async close() {
      await fleet.close()
      await Promise.all([...servers.values()].map((server) => server.close()))
    },
  }
}

async function serveHosts(hosts: Host[], { layout, options }: Plan): Promise<Map<string, HostServer>> {
  if (hosts.length === 0) return new Map()
  const [{ serveHost }, { readPublicKey }] = await Promise.all([import('./server.ts'), import('./keys.ts')])
  const clientKey = readPublicKey(layout.clientKey)
  const servers = await Promise.all(
    hosts.map((host) =>
      serveHost({
        root: host.root,
        user: sandboxUser(),
        env: hostEnvironment(host, layout, options.standIns),
        hostKey: readFileSync(layout.hostKey(host.name), 'utf8'),
        clientKey,
      }),
    ),
  )
  return new Map(hosts.map((host, index) => [host.name, servers[index]!]))
}

/** Sessions with the hosts that are served; `absent.ts` answers for those that a look finds missing. */
async function fleetOf(cluster: Cluster, servers: Map<string, HostServer>): Promise<Fleet> {
  const fleet =
    servers.size > 0
      ? (await import('../hosts/fleet.ts')).openFleet(cluster, { pace: atReadersPace })
      : undefined
  return {
    hosts: cluster.hosts,
    session: async (host) => (fleet && servers.has(host.name) ? fleet.session(host) : absentSession(host)),
    lease: async (host) => (fleet && servers.has(host.name) ? fleet.lease(host) : refuseAbsent(host)),
    close: async () => fleet?.close(),
  }
}

function byRole(hosts: Host[]): Hosts {
  const roles: Hosts = {}
  for (const host of hosts) (roles[host.role] ??= []).push(host)
  return roles
}
