// The miniature client: says its version, and has jobs run by the scheduler that leads.
import { readClusters } from '../../common/clusters.mjs'
import { findLeader } from '../../common/leader.mjs'
import { readJob } from '../../config/job-file.mjs'

const COMMANDS = ['job', 'update', 'cron', 'quota', 'sla', 'config', 'task']
const NOT_UNDERSTOOD = 2
const INVALID_CONFIGURATION = 3
const COMMAND_FAILURE = 4
const INVALID_COMMAND = 5
const INVALID_PARAMETER = 6
const NETWORK = 7
const TIMEOUT = 9
const NOT_IN_A_MINIATURE = 20
const ENDED = ['FAILED', 'FINISHED', 'KILLED', 'LOST']

const jobs = { create, inspect, killall, list, status }

export async function main([command, ...args], python) {
  if (command === '--version') {
    console.log(python.resource('apache/aurora/client/cli/.auroraversion').toString().trim())
    console.error('(the client of a sandbox: a miniature)')
  } else if (command === 'help' || command === '--help') {
    console.log(`usage: aurora --version | ${COMMANDS.join(' | ')}  (the miniature client of a sandbox)`)
  } else if (command === 'job' && args[0] in jobs) {
    const words = args.slice(1).filter((arg) => !arg.startsWith('-'))
    const options = args.filter((arg) => arg.startsWith('-'))
    await jobs[args[0]](words, readOptions(args[0], options))
  } else if (COMMANDS.includes(command)) {
    fail(
      NOT_IN_A_MINIATURE,
      `${[command, ...args].join(' ')}: the miniature Aurora of a sandbox has no such thing`,
    )
  } else fail(INVALID_COMMAND, `unknown command ${command ?? ''}`)
}

/** Of the real one's options, those that the miniature has. */
function readOptions(command, options) {
  let until = 'PENDING'
  for (const option of options) {
    const [name, value] = option.split('=')
    if (command !== 'create' || name !== '--wait-until')
      fail(NOT_UNDERSTOOD, `unrecognized arguments: ${option}`)
    if (!['PENDING', 'RUNNING', 'FINISHED'].includes(value))
      fail(NOT_UNDERSTOOD, `argument --wait-until: invalid choice: '${value}'`)
    until = value
  }
  return { until }
}

async function create([key, file], { until }) {
  const job = jobIn(file, key)
  await ask(key, { method: 'createJob', key, job })
  console.log(`Job create succeeded: job url=${key}`)
  for (const deadline = Date.now() + 600_000; ; await pause()) {
    const { tasks } = await ask(key, { method: 'getTasks', key })
    if (tasks.length > 0 && tasks.every(({ state }) => state === until || until === 'PENDING')) return
    if (tasks.some(({ state }) => ENDED.includes(state)))
      fail(
        COMMAND_FAILURE,
        `tasks ended: ${tasks.map(({ id, state, reason }) => `${id} ${state} ${reason}`).join(', ')}`,
      )
    if (Date.now() > deadline) fail(TIMEOUT, `${key} is not ${until}`)
  }
}

function inspect([key, file]) {
  console.log(JSON.stringify(jobIn(file, key), null, 2))
}

async function killall([key]) {
  await ask(key, { method: 'killTasks', key })
  for (const deadline = Date.now() + 60_000; ; await pause()) {
    const { tasks } = await ask(key, { method: 'getTasks', key })
    if (tasks.every(({ state }) => ENDED.includes(state))) return console.log('Job killall succeeded')
    if (Date.now() > deadline) fail(TIMEOUT, `${key} still runs`)
  }
}

async function list([key]) {
  const { jobs } = await ask(key, { method: 'getJobs' })
  for (const job of jobs.filter((job) => job.startsWith(key))) console.log(job)
}

async function status([key]) {
  const { tasks } = await ask(key, { method: 'getTasks', key })
  const [active, ended] = [false, true].map((over) =>
    tasks.filter(({ state }) => ENDED.includes(state) === over),
  )
  console.log(`Active tasks (${active.length}):`)
  for (const { id, state, slave } of active)
    console.log(`\t${id}\n\tstatus: ${state} on ${slave ?? 'no slave'}`)
  console.log(`Inactive tasks (${ended.length}):`)
  for (const { id, state, slave } of ended)
    console.log(`\t${id}\n\tstatus: ${state} on ${slave ?? 'no slave'}`)
}

function jobIn(file, key) {
  if (!file) fail(INVALID_PARAMETER, 'a job key and a file are needed')
  try {
    return readJob(file, key)
  } catch (error) {
    return fail(INVALID_CONFIGURATION, error.message)
  }
}

/** Asks the scheduler that leads the cluster of a job key. */
async function ask(key, question) {
  const name = key?.split('/')[0]
  const cluster = readClusters().get(name)
  if (!cluster) fail(INVALID_PARAMETER, `unknown cluster ${name}`)
  const leader = await findLeader(cluster).catch(() => undefined)
  if (!leader) fail(NETWORK, `no scheduler leads ${name}`)
  const answer = await fetch(`${leader}/api`, { method: 'POST', body: JSON.stringify(question) }).catch(() =>
    fail(NETWORK, `${leader} does not answer`),
  )
  const body = await answer.json()
  if (body.error) fail(COMMAND_FAILURE, body.error)
  return body
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 200))

function fail(status, text) {
  console.error(`aurora: ${text} (the miniature client of a sandbox)`)
  process.exit(status)
}
