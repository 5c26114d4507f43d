// The replicated log: one scheduler at a time may hold it, it must have been initialised, and enough replicas must be there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { log } from './state.mjs'
import { announce, children } from './zookeeper-client.mjs'

/** Aborts as leveldb does when another process holds the log. A dead one holds nothing. */
export function lockLog(folder) {
  const lock = join(folder, 'LOCK')
  mkdirSync(dirname(folder), { recursive: true })
  if (existsSync(lock) && isScheduler(Number(readFileSync(lock, 'utf8')))) {
    abort(`Check failed: lock ${lock}: Resource temporarily unavailable`)
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(lock, String(process.pid))
}

function abort(problem) {
  console.error(`${problem} (the sandbox's miniature scheduler)`)
  process.exit(134)
}

/** Process ids come again: on Linux the command says whether it is one of us. */
function isScheduler(pid) {
  if (pid === process.pid) return false
  if (existsSync('/proc/self/cmdline')) {
    return (
      existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('SchedulerMain')
    )
  }
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Waits, for ever if need be, until the log was initialised and a quorum of replicas is there. */
export async function awaitStorage(flags, zookeeper) {
  const group = flags.native_log_zk_group_path
  const enrol = () =>
    announce(zookeeper, `${group}/replica_`, { pid: process.pid }, { onEnd: () => setTimeout(enrol, 500) })
  enrol()
  for (let turn = 0; ; turn++) {
    const problem = await whyNotReady(flags, zookeeper, group)
    if (!problem) return
    if (turn % 20 === 0) log(problem)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function whyNotReady(flags, zookeeper, group) {
  if (!existsSync(join(flags.native_log_file_path, 'CURRENT'))) {
    return 'Replica in EMPTY status received a broadcasted recover request'
  }
  try {
    const replicas = (await children(zookeeper, group)).length
    const quorum = Number(flags.native_log_quorum_size)
    // Where two halves of the replicas could decide each for itself, the real log is corrupted sooner or later.
    if (replicas >= 2 * quorum) abort(`A quorum of ${quorum} is no majority of ${replicas} replicas`)
    return replicas < quorum && `Waiting for a quorum of ${quorum} replicas: there are ${replicas}`
  } catch (error) {
    return `ZooKeeper at ${zookeeper} does not answer: ${error.cause?.message ?? error.message}`
  }
}
