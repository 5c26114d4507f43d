#!/usr/bin/env node
// The sandbox's Mesos master: slaves and frameworks register with it; it says so over HTTP as the real one does.
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { readFlags } from './flags.mjs'
import { stringify } from './json.mjs'
import { keepSession } from './session.mjs'
import { version } from './version.mjs'
import { announce, parseZooKeeperUrl } from './zookeeper-client.mjs'

const flags = readFlags(
  'mesos-master',
  {
    ip: '127.0.0.1',
    port: '5050',
    hostname: undefined,
    zk: undefined,
    quorum: undefined,
    work_dir: undefined,
    cluster: '',
  },
  ['zk', 'quorum', 'work_dir'],
)
const address = `${flags.ip}:${flags.port}`
const id = `sandbox-${Date.now()}`
const startTime = Date.now() / 1000
const slaves = new Map()
const frameworks = new Map()
let registrations = 0

const pages = {
  '/': () => `The miniature Mesos master of a sandbox, ${slaves.size} slaves. See /master/state.json.\n`,
  '/master/health': () => '',
  '/health': () => '',
  '/master/state.json': state,
  '/state.json': state,
  '/master/stats.json': stats,
  '/master/tasks.json': () => ({ tasks: [] }),
}

const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0]
  if (request.method === 'POST' && path === '/slaves') return register(slaves, 'S', request, response)
  if (request.method === 'POST' && path === '/frameworks') return registerFramework(request, response)
  if (request.method === 'POST' && path in orders)
    return pass(orders[path], await json(request), path, response)
  if (path === '/master/redirect') return response.writeHead(307, { location: `http://${address}` }).end()
  const page = pages[path]?.()
  if (page === undefined) return response.writeHead(404).end('Not found: this is a miniature\n')
  response.end(typeof page === 'string' ? page : stringify(page))
})

async function register(registry, letter, request, response, accept = async () => {}) {
  const body = await json(request)
  const entry = { ...body, id: `${id}-${letter}${registrations++}`, registered_time: Date.now() / 1000 }
  try {
    await accept(entry)
  } catch (error) {
    return response.writeHead(409).end(error.message)
  }
  registry.set(entry.id, entry)
  const send = keepSession(response, () => {
    registry.delete(entry.id)
    clearInterval(offers)
  })
  const offer = () => send({ id: entry.id, offers: [...slaves.values()] })
  const offers = setInterval(offer, 1000)
  offer()
}

/** A framework is registered once it was reached at the address that it gave: a wrong LIBPROCESS_IP shows here. */
function registerFramework(request, response) {
  return register(frameworks, 'F', request, response, async (framework) => {
    const reached = framework.pid.split('@')[1]
    const signal = AbortSignal.timeout(2000)
    const body = JSON.stringify({ id: framework.id })
    const answer = await fetch(`http://${reached}/registered`, { method: 'POST', body, signal })
    if (!answer.ok) throw new Error(`the framework at ${reached} answered ${answer.status}`)
  })
}

/** Orders of frameworks go to the slave that they name, what slaves say of tasks to every framework. */
const orders = {
  '/launch': ({ slave }) => [slaves.get(slave)].filter(Boolean),
  '/kill': ({ slave }) => [slaves.get(slave)].filter(Boolean),
  '/status': () => [...frameworks.values()],
}

async function pass(receivers, body, path, response) {
  const told = receivers(body).map(({ pid }) =>
    fetch(`http://${pid.split('@')[1]}${path}`, { method: 'POST', body: JSON.stringify(body) }),
  )
  const answers = await Promise.allSettled(told)
  response
    .writeHead(answers.length > 0 && answers.every(({ status }) => status === 'fulfilled') ? 200 : 502)
    .end()
}

function state() {
  return {
    miniature: true,
    version,
    id,
    pid: `master@${address}`,
    leader: `master@${address}`,
    hostname: flags.hostname ?? flags.ip,
    cluster: flags.cluster,
    start_time: startTime,
    flags: { ...flags, version: 'false' },
    activated_slaves: slaves.size,
    deactivated_slaves: 0,
    slaves: [...slaves.values()],
    frameworks: [...frameworks.values()].map((framework) => ({ ...framework, active: true, tasks: [] })),
    completed_frameworks: [],
  }
}

function stats() {
  const uptime = Date.now() / 1000 - startTime
  return { elected: 1, activated_slaves: slaves.size, active_schedulers: frameworks.size, uptime }
}

function lead() {
  const { server: zookeeper, path } = parseZooKeeperUrl(flags.zk)
  const data = { address, hostname: flags.hostname ?? flags.ip }
  announce(zookeeper, `${path}/info_`, data, { onEnd: () => setTimeout(lead, 200) })
}

mkdirSync(`${process.env.ROOT ?? ''}${flags.work_dir}`, { recursive: true })
server.listen(Number(flags.port), flags.ip, () => {
  console.log(`The sandbox's Mesos master ${version} listens on ${address}`)
  lead()
})
