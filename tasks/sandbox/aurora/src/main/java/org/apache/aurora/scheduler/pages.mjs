// What the scheduler answers over HTTP.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { listen } from './listen.mjs'

const JSON_TYPE = 'application/json'

/** Listens before anything else is ready, as Jetty does; gives the port. */
export function startPages(flags, state, shutDown, tasksOf) {
  const vars = () => ({ ...state.vars(), ...counts(tasksOf()) })
  const plain = (text) => () => ['text/plain', `${text} (the miniature scheduler of a sandbox)\n`]
  const html = (text) => () => ['text/html', page(flags.cluster_name, text, state)]
  const pages = {
    '/health': () => ['text/plain', 'OK'],
    '/vars': () => ['text/plain', lines(vars())],
    '/vars.json': () => [JSON_TYPE, JSON.stringify(vars())],
    '/threads': plain('One thread'),
    '/logconfig': plain('Everything is logged'),
    '/contention': plain('There is none'),
    '/graphview': plain('Nothing is drawn'),
    '/': html('Scheduler'),
    '/scheduler': () => html(`Scheduled jobs: ${jobs(tasksOf())}`)(),
    '/offers': html('Offers'),
    '/slaves': () => html(`Slaves: ${tasksOf()?.hosts().join(', ') || 'none'}`)(),
    '/pendingtasks': () => [JSON_TYPE, '[]'],
    '/cron': () => [JSON_TYPE, '[]'],
    '/quotas': () => [JSON_TYPE, '{}'],
    '/locks': () => [JSON_TYPE, '[]'],
    '/services': () => [JSON_TYPE, '[]'],
    '/maintenance': () => [JSON_TYPE, '{}'],
    '/utilization': html('Nothing is used'),
  }
  const commands = {
    '/quitquitquit': () => shutDown('Asked to quit'),
    '/abortabortabort': () => process.exit(0),
  }
  const server = createServer((request, response) => {
    const path = request.url.split('?')[0].replace(/(.)\/$/, '$1')
    if (path === '/api') return answer(tasksOf(), request, response)
    if (path in commands) return obey(commands[path], request, response)
    if (!(path in pages)) return response.writeHead(404).end('Not found: this is a miniature\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') return response.writeHead(405).end()
    const [type, body] = pages[path]()
    response.writeHead(200, { 'content-type': type }).end(body)
  })
  // In the sandbox all hosts share one machine, to which the world outside has no business.
  const address = process.env.ROOT ? '127.0.0.1' : '0.0.0.0'
  return listen(server, Number(flags.http_port), address)
}

/** What clients ask: JSON of the miniature's own, where the real one has Thrift's. */
async function answer(tasks, request, response) {
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end()
  const body = tasks ? tasks.answer(await json(request)) : { error: 'Storage is not READY' }
  response.writeHead(200, { 'content-type': JSON_TYPE }).end(JSON.stringify(body))
}

const counts = (tasks) => ({
  task_store_LOST: tasks?.count('LOST') ?? 0,
  task_store_RUNNING: tasks?.count('RUNNING') ?? 0,
})
const jobs = (tasks) => tasks?.answer({ method: 'getJobs' }).jobs.join(', ') || 'none'

function obey(command, request, response) {
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end()
  response.on('finish', command).end()
}

function lines(vars) {
  return Object.keys(vars)
    .sort()
    .map((name) => `${name} ${vars[name]}\n`)
    .join('')
}

function page(cluster, text, state) {
  const registered = state.counts.framework_registered
    ? 'registered with Mesos'
    : 'not registered with Mesos yet'
  return `<!doctype html><title>${cluster}: Aurora, in miniature</title>
<h1>${cluster}: the sandbox's miniature scheduler</h1><p>${text}. It is ${registered}. <a href="/vars">vars</a></p>\n`
}
