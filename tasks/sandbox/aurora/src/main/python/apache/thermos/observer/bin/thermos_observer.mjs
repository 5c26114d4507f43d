// The miniature observer: answers the real one's addresses about the checkpoints of this slave.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { readOptions } from '../../../common/options.mjs'

/** Where this release's observer looks for sandboxes by default; nothing where it is not told. */
const MESOS_ROOT = '@MESOS_ROOT@'

export function main(args) {
  const { options } = readOptions('thermos_observer', args, {
    root: '/var/run/thermos',
    ...(MESOS_ROOT && { 'mesos-root': MESOS_ROOT }),
    port: '1338',
    log_to_disk: 'NONE',
    log_to_stderr: 'google:INFO',
    log_dir: undefined,
  })
  // In the sandbox all hosts share one machine, to which the world outside has no business.
  const address = process.env.ROOT ? '127.0.0.1' : '0.0.0.0'
  const server = createServer((request, response) => answer(options.root, request, response))
  server.listen(Number(options.port), address, () => {
    console.error(`The sandbox's miniature observer of ${options.root} listens on ${address}:${options.port}`)
  })
}

function answer(root, request, response) {
  const { pathname: path, searchParams } = new URL(request.url, 'http://observer')
  const send = (content, type = 'text/plain') => response.setHeader('content-type', type).end(content)
  if (request.method !== 'GET') return response.writeHead(405).end()
  if (path === '/health') return send('OK')
  if (path === '/') return response.writeHead(302, { location: '/main' }).end()
  if (/^\/main(\/\w+)?$/.test(path)) return send(mainPage(taskIds(root)), 'text/html')
  if (path === '/threads') return send('The miniature has one.\n')
  if (/^\/j\/task_ids(\/(active|finished|all))?$/.test(path)) {
    const tasks = taskIds(root).map((task_id) => ({ task_id }))
    return send(JSON.stringify({ tasks, type: 'all', offset: 0, num: 20 }), 'application/json')
  }
  if (path === '/j/task_id_count')
    return send(JSON.stringify({ active: taskIds(root).length }), 'application/json')
  if (path === '/j/task') return send('{}', 'application/json')
  const [, kind, id, name, run, stream] =
    /^\/(task|logs|logdata)\/([\w.-]+)(?:\/([\w.-]+)\/(\d+)\/(stdout|stderr))?$/.exec(path) ?? []
  const task = id && checkpoint(root, id)
  if (task === undefined || (kind === 'task') !== (name === undefined))
    return response.writeHead(404).end('Not found: no such task, or not in a miniature\n')
  if (kind === 'task') return send(task)
  if (kind === 'logs') return send(logPage(path), 'text/html')
  const content = read(join(JSON.parse(task).sandbox, '.logs', name, run, stream))
  send(JSON.stringify(chunk(content, searchParams.get('offset'))), 'application/json')
}

/** Without what was written, as the real one's: a script in it asks for that. */
function logPage(path) {
  return `<!doctype html><title>Log, in miniature</title>
<p>It is at <a href="${path.replace('logs', 'logdata')}?offset=0">logdata</a>, from an offset on.</p>\n`
}

/** What a process has written from an offset on; without one that is the end. */
function chunk(content, given) {
  if (content === undefined) return {}
  const offset = given === null || given === '-1' ? content.length : Number(given)
  const data = content.slice(offset)
  return { offset, length: data.length, ...(data && { data }) }
}

function mainPage(ids) {
  return `<!doctype html><title>Thermos observer, in miniature</title>
<h1>The sandbox's miniature observer of Aurora @VERSION@</h1><p>Tasks on this slave: ${ids.length}</p>\n`
}

function checkpoint(root, id) {
  return ['active', 'finished']
    .map((state) => read(join(root, 'tasks', state, id)))
    .find((text) => text !== undefined)
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function taskIds(root) {
  try {
    return readdirSync(join(root, 'tasks/active')).sort()
  } catch {
    return []
  }
}
