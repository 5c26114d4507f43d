import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import type { HostFolder } from '../rig/host-folder.ts'

/** What the tests of those scripts share that go through a checklist. */

/** The sentences that a script found to be wrong; each has advice on the line below. */
export function wrongIn(output: string): string[] {
  return [...output.matchAll(/^WRONG {2}(.*)\n {7}\S.*$/gm)].map(([, sentence]) => sentence!)
}

/** What answers on loopback, and ends with the test. */
export class Listeners {
  readonly #servers: Server[] = []

  /** @param pages path → text, asked anew for each request */
  serve(pages: () => Record<string, string>): Promise<number> {
    const server = createServer(({ url }, response) => {
      const page = pages()[url!]
      response.writeHead(page === undefined ? 404 : 200).end(page)
    })
    return this.listen(server)
  }

  /** Gives the port. */
  async listen(server: Server): Promise<number> {
    this.#servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return (server.address() as AddressInfo).port
  }

  close(): void {
    for (const server of this.#servers) server.close()
  }
}

/** Lets this process stand for the loop that keeps a service running. */
export function keepRunning(host: HostFolder, service: string): void {
  const stat = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '')
  // When it started tells it from another process of its number.
  const started = stat.split(' ')[19]
  host.write(`/var/run/aurora/${service}.pid`, `${process.pid} ${started}\n`)
}

/** JSON as Mesos writes it. */
export const json = (value: unknown) => JSON.stringify(value).replaceAll('/', '\\/')
