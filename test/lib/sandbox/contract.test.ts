import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sandboxDown } from '../../../lib/sandbox/down.ts'
import { openSandbox } from '../../../lib/sandbox/sandbox.ts'
import type { ContractRig } from '../hosts/contract.ts'
import { hostContract } from '../hosts/contract.ts'
import { programOptions } from './programs/program-options.ts'

hostContract('the embedded server', startSandbox)

/** One host of a sandbox, reached through a relay whose connections can be broken. */
async function startSandbox(): Promise<ContractRig> {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'sandbox-contract-'))
  mkdirSync(join(root, 'stand-ins'))
  const options = programOptions({ hosts: { master: 1 }, standIns: join(root, 'stand-ins') })
  const { cluster, close } = await openSandbox({ root, options, looking: false })
  const master = cluster.hosts.master![0]!
  const relay = await relayTo(master.port!)
  const host = { ...master, port: relay.port }
  return {
    cluster: { ...cluster, hosts: { master: [host] } },
    host,
    dropConnections: async () => relay.drop(),
    async stop() {
      relay.close()
      await close()
      await sandboxDown({ root, remove: true })
      rmSync(root, { recursive: true })
    },
  }
}

async function relayTo(port: number) {
  const sockets = new Set<Socket>()
  const relay = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: '127.0.0.1', noDelay: true })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => sockets.delete(one) && other.destroy())
    }
  })
  await once(relay.listen(0, '127.0.0.1'), 'listening')
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (relay.address() as AddressInfo).port,
    drop,
    close() {
      relay.close()
      drop()
    },
  }
}
