import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below what Linux and macOS hand out by themselves, so that nothing takes a reserved port by chance. */
const first = 20_000
const count = 12_000

/** A port of its own for each name: what `reserved` has is kept, the rest is free on loopback right now. */
export async function reservePorts(
  names: string[],
  reserved: Record<string, number>,
): Promise<Record<string, number>> {
  const taken = new Set(Object.values(reserved))
  const ports = { ...reserved }
  for (const name of names.filter((name) => !(name in reserved))) {
    ports[name] = await freePort(taken)
    taken.add(ports[name])
  }
  return ports
}

async function freePort(taken: Set<number>): Promise<number> {
  for (let tries = 0; tries < 1000; tries++) {
    const port = first + randomInt(count)
    if (!taken.has(port) && (await isFree(port))) return port
  }
  throw new Error(`no free TCP port between ${first} and ${first + count} on loopback`)
}

/** Asks without an address too: a service that listens everywhere would be in the way just as well. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port))
}

function canListen(port: number, address?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
