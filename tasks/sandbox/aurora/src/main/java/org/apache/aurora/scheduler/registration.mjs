// Registers with the leading Mesos master as `TwitterScheduler`, takes its offers, and has it launch and kill tasks. As
// with libprocess, the master must reach the scheduler at LIBPROCESS_IP and LIBPROCESS_PORT.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { listen } from './listen.mjs'
import { openSession } from './session.mjs'
import { log } from './state.mjs'
import { findMaster } from './zookeeper-client.mjs'

export function newMesos(flags, state) {
  let master
  const tell = async (path, body) => {
    try {
      await fetch(`http://${master}${path}`, { method: 'POST', body: JSON.stringify(body) })
    } catch (error) {
      log(`${master} could not be told of ${path}: ${error.cause?.message ?? error.message}`)
    }
  }
  return {
    launch: (slave, task) =>
      tell('/launch', {
        slave: slave.id,
        task: { id: task.id, role: task.job.role, processes: task.job.task.processes },
        executor: { uri: flags.thermos_executor_path, flags: flags.thermos_executor_flags ?? '' },
      }),
    kill: (task) => tell('/kill', { slave: task.slave.id, id: task.id }),
    /** Settles at the first registration; afterwards a lost one is renewed for as long as the process lives. */
    async register(tasks) {
      const address = await listenForMaster((update) => tasks.update(update))
      return new Promise((resolve) => {
        const attempt = async () => {
          const again = (reason) => {
            state.counts.framework_registered = 0
            log(`Not registered with Mesos: ${reason}`)
            setTimeout(attempt, 500)
          }
          master = await findMaster(flags.mesos_master_address).catch(() => undefined)
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
              tasks.offer(offers)
              resolve()
            },
            onEnd: again,
          })
        }
        attempt()
      })
    },
  }
}

/** Without LIBPROCESS_IP, what Debian's /etc/hosts says of the machine's own name: an address that no master reaches. */
async function listenForMaster(onUpdate) {
  const { LIBPROCESS_IP: ip, LIBPROCESS_PORT: port = '0' } = process.env
  const server = createServer(async (request, response) => {
    const isOurs = request.method === 'POST' && ['/registered', '/status'].includes(request.url)
    if (isOurs && request.url === '/status') onUpdate(await json(request))
    response.writeHead(isOurs ? 200 : 404).end()
  })
  return `${ip ?? '127.0.1.1'}:${await listen(server, Number(port), ip ?? '127.0.0.1')}`
}
