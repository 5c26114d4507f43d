import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { baseImage } from '../base-image.ts'
import type { Container, Service } from './container.ts'
import { nodeRunsIn, startContainer } from './container.ts'
import { makeKey } from './keys.ts'
import { removeLeftovers } from './leftovers.ts'
import { createNetwork } from './network.ts'

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
  stop(): Promise<void>
}

export interface ClusterPlan {
  /** Fills the folder that is laid over a host's root, and says what runs there. */
  furnish(host: { name: HostName; address: string; tree: string; master: string }): Promise<Service[]>
  /** The rest of the cluster file. */
  config(addresses: Record<HostName, string>): Promise<Record<string, unknown>>
}

/** One master and four slaves: five containers on a network of their own, each with a real sshd. What a killed or
 *  failed start leaves in Docker, the next one removes. */
export async function startCluster(plan: ClusterPlan): Promise<TestCluster> {
  await removeLeftovers()
  const image = await baseImage()
  await nodeRunsIn(image)
  const folder = await mkdtemp(join(tmpdir(), 'aurora-cluster-'))
  const network = await createNetwork(basename(folder))
  const clientKey = await makeKey(join(folder, 'client'))
  const addresses = Object.fromEntries(
    hostNames.map((name, index) => [name, network.address(index + 1)]),
  ) as Record<HostName, string>

  const containers = new Map<HostName, Container>()
  const stop = async () => {
    await Promise.all([...containers.values()].map((container) => container.remove()))
    await network.remove()
    await rm(folder, { recursive: true })
  }
  const start = async (name: HostName) => {
    const tree = join(folder, 'hosts', name)
    await mkdir(tree, { recursive: true })
    const services = await plan.furnish({ name, address: addresses[name], tree, master: addresses.master })
    const place = { image, network: network.name, address: addresses[name] }
    const container = await startContainer(`${network.name}.${name}`, place, { tree, services }, clientKey)
    containers.set(name, container)
  }
  await Promise.all(hostNames.map(start))
  const known = [...containers.values()].map(({ address, hostKey }) => `${address} ${hostKey}\n`)
  await writeFile(join(folder, 'known_hosts'), known.join(''))

  return {
    folder,
    file: await writeClusterFile(folder, addresses, await plan.config(addresses)),
    address: (host) => addresses[host],
    exec: (host, argv) => containers.get(host)!.exec(argv),
    powerOff: (host) => containers.get(host)!.powerOff(),
    powerOn: (host) => containers.get(host)!.powerOn(),
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
