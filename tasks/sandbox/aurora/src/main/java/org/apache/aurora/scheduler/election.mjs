// Candidates number themselves in ZooKeeper, the first leads; the leader makes itself known once it is registered.
import { log } from './state.mjs'
import { announce, children } from './zookeeper-client.mjs'

/** Settles when this scheduler leads. Losing the candidacy ends it: another may lead by then. */
export async function awaitLeadership(zookeeper, path, shutDown) {
  const name = await new Promise((resolve) => {
    const candidate = `${path}/singleton_candidate_`
    announce(
      zookeeper,
      candidate,
      { pid: process.pid },
      {
        onMade: resolve,
        onEnd: (reason) => shutDown(`Lost leadership (${reason})`),
      },
    )
  })
  while (!(await leads(zookeeper, path, name))) await new Promise((resolve) => setTimeout(resolve, 500))
  log(`Elected as leading scheduler by ${name}`)
}

async function leads(zookeeper, path, name) {
  const candidates = (await children(zookeeper, path)).filter((child) =>
    child.startsWith('singleton_candidate_'),
  )
  return name.endsWith(`/${candidates[0]}`)
}

/** Where clients find the leader. */
export function serve(zookeeper, flags, port) {
  const endpoint = { host: flags.hostname, port }
  const data = { serviceEndpoint: endpoint, additionalEndpoints: { http: endpoint }, status: 'ALIVE' }
  announce(zookeeper, `${flags.serverset_path}/member_`, data, {
    onEnd: (reason) => log(`No longer announced: ${reason}`),
  })
}
