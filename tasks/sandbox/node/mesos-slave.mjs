#!/usr/bin/env node
// The sandbox's Mesos slave: registers with the leading master, says over HTTP what it is, and runs executors.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { newExecutors } from './executors.mjs'
import { readFlags } from './flags.mjs'
import { stringify } from './json.mjs'
import { openSession } from './session.mjs'
import { version } from './version.mjs'
import { findMaster } from './zookeeper-client.mjs'

const flags = readFlags(
  'mesos-slave',
  {
    ip: '127.0.0.1',
    port: '5051',
    hostname: undefined,
    master: undefined,
    work_dir: '/tmp/mesos',
    attributes: '',
    resources: 'cpus:4;mem:1024;disk:20000;ports:[31000-32000]',
  },
  ['master'],
)
const hostname = flags.hostname ?? flags.ip
const pid = `slave(1)@${flags.ip}:${flags.port}`
const attributes = parseAttributes(flags.attributes)
let id = ''
let master

const executors = newExecutors({ root: process.env.ROOT ?? '', workDir: flags.work_dir, pid, tell })
const server = createServer(async (request, response) => {
  const path = decodeURIComponent(request.url.split('?')[0])
  if (request.method === 'POST' && path in executors) {
    executors[path]({ slave: id, ...(await json(request)) })
    return response.end()
  }
  if (path === '/slave(1)/health' || path === '/health') return response.end()
  if (path !== '/slave(1)/state.json' && path !== '/state.json') {
    return response.writeHead(404).end('Not found: this is a miniature\n')
  }
  response.end(stringify({ miniature: true, version, id, pid, hostname, attributes, flags, frameworks: [] }))
})

function parseAttributes(text) {
  const pairs = text.split(';').filter((item) => item !== '')
  const wrong = pairs.find((item) => item.split(':').length !== 2)
  if (wrong) {
    console.error(
      `Failed to parse attribute '${wrong}': exactly one ':' is expected (the sandbox's miniature)`,
    )
    process.exit(1)
  }
  return Object.fromEntries(pairs.map((item) => item.split(':')).map(([name, value]) => [name, typed(value)]))
}

/** What reads as a number is one, in what Mesos says of it, too. */
function typed(text) {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

/** Tasks outlive a slave that ends; so it must come back as what it was when they were given to it. */
function requireSameInfo(workDir) {
  const slaves = `${workDir}/meta/slaves`
  const file = `${slaves}/latest/slave.info`
  const info = stringify({ attributes, resources: flags.resources })
  if (!existsSync(file)) {
    mkdirSync(`${slaves}/S0`, { recursive: true })
    writeFileSync(`${slaves}/S0/slave.info`, info)
    symlinkSync('S0', `${slaves}/latest`)
  } else if (readFileSync(file, 'utf8') !== info) {
    console.error(
      `Failed to perform recovery: Incompatible slave info detected. Remove ${slaves}/latest (the sandbox's miniature)`,
    )
    process.exit(1)
  }
}

/** Tells the frameworks what became of a task, by way of the master. */
async function tell(update) {
  await fetch(`http://${master}/status`, { method: 'POST', body: JSON.stringify(update) }).catch((error) =>
    console.error(`${master} could not be told of ${update.id}: ${error.message}`),
  )
}

async function register() {
  const again = () => setTimeout(register, 200)
  master = await findMaster(flags.master).catch(() => undefined)
  if (!master) return again()
  openSession(
    'POST',
    `http://${master}/slaves`,
    { hostname, pid, attributes, resources: flags.resources },
    {
      onLine: (line) => (id = line.id),
      onEnd: again,
    },
  )
}

requireSameInfo(`${process.env.ROOT ?? ''}${flags.work_dir}`)
server.listen(Number(flags.port), flags.ip, () => {
  console.log(`The sandbox's Mesos slave ${version} listens on ${flags.ip}:${flags.port}`)
  register()
})
