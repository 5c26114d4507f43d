import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { baseImage } from '../base-image.ts'
import type { Service } from './container.ts'
import { nodeRunsIn } from './container.ts'
import { startHosts } from './hosts.ts'

const hostNames = ['master', 'slave-1', 'slave-2', 'slave-3', 'slave-4'] as const

export type HostName = (typeof hostNames)[number]

export interface TestCluster {
  /** A folder of this cluster's own: keys, known_hosts, the cluster file. */
  folder: string
  /** Path of the cluster file. */
  file: string
  address(host: HostName): string
  /** Runs a command on a host, as root, without SSH; gives its stdout. */
  exec(host: HostName, argv: string[]): Promise<string>
  powerOff(host: HostName): Promise<void>
  powerOn(host: HostName): Promise<void>
  recreate(host: HostName): Promise<void>
  stop(): Promise<void>
}

export interface ClusterPlan {
  /** Fills the folder that is laid over a host's root, and says what runs there. */
  furnish(host: { name: HostName; address: string; tree: string; master: string }): Promise<Service[]>
  /** The rest of the cluster file. */
  config(addresses: Record<HostName, string>): Promise<Record<string, unknown>>
}

/** One master and four slaves: five containers on a network of their own, each with a real sshd. */
export async function startCluster(plan: ClusterPlan): Promise<TestCluster> {
  await nodeRunsIn(await baseImage())
  const { folder, addresses, containers, stop } = await startHosts(
    hostNames,
    ({ name, addresses: { [name]: address, master }, tree }) => plan.furnish({ name, address, tree, master }),
  )
  return {
    folder,
    file: await writeClusterFile(folder, addresses, await plan.config(addresses)),
    address: (host) => addresses[host],
    exec: (host, argv) => containers[host].exec(argv),
    powerOff: (host) => containers[host].powerOff(),
    powerOn: (host) => containers[host].powerOn(),
    recreate: (host) => containers[host].recreate(),
    stop,
  }
}

/** JSON is YAML too. */
async function writeClusterFile(
  folder: string,
  addresses: Record<HostName, string>,
  config: Record<string, unknown>,
): Promise<string> {
  const { master, ...slaves } = addresses
  const file = join(folder, 'cluster.yml')
  const content = {
    name: 'testcluster',
    user: 'jclouds',
    hosts: { master, slaves: Object.values(slaves) },
    ssh: { identity: join(folder, 'client'), knownHosts: join(folder, 'known_hosts') },
    ...config,
  }
  await writeFile(file, JSON.stringify(content, null, 2))
  return file
}
