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
  const path = request.url.split('?')[0]
  const send = (content, type = 'text/plain') => response.setHeader('content-type', type).end(content)
  if (request.method !== 'GET') return response.writeHead(405).end()
  if (path === '/health') return send('OK')
  if (path === '/') return response.writeHead(302, { location: '/main' }).end()
  if (/^\/main(\/\w+)?$/.test(path)) return send(mainPage(taskIds(root)), 'text/html')
  if (path === '/threads') return send('The miniature has one.\n')
  if (/^\/j\/task_ids(\/(active|finished|all))?$/.test(path)) {
    const ids = taskIds(root)
    return send(JSON.stringify({ task_ids: ids, type: 'all', offset: 0, num: 20 }), 'application/json')
  }
  if (path === '/j/task_id_count')
    return send(JSON.stringify({ count: taskIds(root).length }), 'application/json')
  if (path === '/j/task') return send('{}', 'application/json')
  const found = ofTask(root, path)
  if (found === undefined)
    return response.writeHead(404).end('Not found: no such task, or not in a miniature\n')
  send(found)
}

function mainPage(ids) {
  return `<!doctype html><title>Thermos observer, in miniature</title>
<h1>The sandbox's miniature observer of Aurora @VERSION@</h1><p>Tasks on this slave: ${ids.length}</p>\n`
}

/** What a process of a task has written, or what a task is; undefined where there is none. */
function ofTask(root, path) {
  const [, kind, id, name, run, stream] =
    /^\/(task|logs)\/([\w.-]+)(?:\/([\w.-]+)\/(\d+)\/(stdout|stderr))?$/.exec(path) ?? []
  for (const state of id ? ['active', 'finished'] : []) {
    const text = read(join(root, 'tasks', state, id))
    if (text === undefined) continue
    return kind === 'task' ? text : read(join(JSON.parse(text).sandbox, '.logs', name, run, stream))
  }
  return undefined
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
