import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { baseImage } from '../base-image.ts'
import type { Container, Service } from './container.ts'
import { startContainer } from './container.ts'
import { makeKey } from './keys.ts'
import { removeLeftovers } from './leftovers.ts'
import { createNetwork } from './network.ts'

export interface TestHosts<Name extends string> {
  /** A folder of their own: the `client` key that they admit, `known_hosts`. */
  folder: string
  addresses: Record<Name, string>
  containers: Record<Name, Container>
  stop(): Promise<void>
}

export interface HostToFurnish<Name extends string> {
  name: Name
  addresses: Record<Name, string>
  /** A folder that is laid over the host's root. */
  tree: string
}

/**
 * Containers on a network of their own, each with a real sshd. What a killed or failed start leaves in Docker, the next
 * one removes.
 * @param furnish fills a host's tree, and says what runs there
 */
export async function startHosts<Name extends string>(
  names: readonly Name[],
  furnish: (host: HostToFurnish<Name>) => Promise<Service[]>,
): Promise<TestHosts<Name>> {
  await removeLeftovers()
  const image = await baseImage()
  const folder = await mkdtemp(join(tmpdir(), 'aurora-cluster-'))
  const network = await createNetwork(basename(folder))
  const clientKey = await makeKey(join(folder, 'client'))
  const addresses = byName(names.map((name, index) => [name, network.address(index + 1)]))
  const start = async (name: Name): Promise<[Name, Container]> => {
    const tree = join(folder, 'hosts', name)
    await mkdir(tree, { recursive: true })
    const services = await furnish({ name, addresses, tree })
    const place = { image, network: network.name, address: addresses[name] }
    return [name, await startContainer(`${network.name}.${name}`, place, { tree, services }, clientKey)]
  }
  const containers = byName(await Promise.all(names.map(start)))
  const all: Container[] = Object.values(containers)
  await writeFile(
    join(folder, 'known_hosts'),
    all.map(({ address, hostKey }) => `${address} ${hostKey}\n`).join(''),
  )
  return {
    folder,
    addresses,
    containers,
    async stop() {
      await Promise.all(all.map((container) => container.remove()))
      await network.remove()
      await rm(folder, { recursive: true })
    },
  }
}

function byName<Name extends string, Value>(entries: [Name, Value][]): Record<Name, Value> {
  return Object.fromEntries(entries) as Record<Name, Value>
}
