import { docker } from '../docker.ts'
import { ownedByUs } from './leftovers.ts'

export interface Network {
  name: string
  /** The address of the `n`th host, from 1; it stays the host's over restarts. */
  address(n: number): string
  remove(): Promise<void>
}

/** A bridge network of our own. Docker fixes addresses only in a subnet that it is told, so we ask it for a free one first. */
export async function createNetwork(name: string): Promise<Network> {
  await docker('network', 'create', ...(await ownedByUs()), name)
  const subnet = await docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Subnet}}', name)
  await docker('network', 'rm', name)
  await docker('network', 'create', ...(await ownedByUs()), '--subnet', subnet, name)
  const prefix = subnet.split('.').slice(0, 3).join('.')
  return {
    name,
    address: (n) => `${prefix}.${10 + n}`,
    remove: async () => void (await docker('network', 'rm', name)),
  }
}
