// Registers with the leading Mesos master as `TwitterScheduler`, and counts the offers that come. As with libprocess,
// the master must reach the scheduler at LIBPROCESS_IP and LIBPROCESS_PORT.
import { createServer } from 'node:http'
import { listen } from './listen.mjs'
import { openSession } from './session.mjs'
import { log } from './state.mjs'
import { findMaster } from './zookeeper-client.mjs'

/** Settles at the first registration; afterwards a lost one is renewed for as long as the process lives. */
export async function registerWithMesos(flags, state) {
  const address = await listenForMaster()
  return new Promise((resolve) => {
    const attempt = async () => {
      const again = (reason) => {
        state.counts.framework_registered = 0
        log(`Not registered with Mesos: ${reason}`)
        setTimeout(attempt, 500)
      }
      const master = await findMaster(flags.mesos_master_address).catch(() => undefined)
      if (!master) return again(`no master leads at ${flags.mesos_master_address}`)
      const framework = {
        name: 'TwitterScheduler',
        pid: `scheduler@${address}`,
        hostname: flags.hostname,
        user: flags.executor_user,
      }
      openSession('POST', `http://${master}/frameworks`, framework, {
        onLine: ({ id, offers }) => {
          if (!state.counts.framework_registered) log(`Registered with ID ${id} at ${master}`)
          state.counts.framework_registered = 1
          state.counts.scheduler_resource_offers += offers.length
          state.counts.outstanding_offers = offers.length
          resolve()
        },
        onEnd: again,
      })
    }
    attempt()
  })
}

/** Without LIBPROCESS_IP, what Debian's /etc/hosts says of the machine's own name: an address that no master reaches. */
async function listenForMaster() {
  const { LIBPROCESS_IP: ip, LIBPROCESS_PORT: port = '0' } = process.env
  const server = createServer((request, response) => {
    const isOurs = request.method === 'POST' && request.url === '/registered'
    response.writeHead(isOurs ? 200 : 404).end()
  })
  return `${ip ?? '127.0.1.1'}:${await listen(server, Number(port), ip ?? '127.0.0.1')}`
}
