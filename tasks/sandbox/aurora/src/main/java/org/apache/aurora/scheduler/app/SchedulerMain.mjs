// The miniature scheduler of a sandbox: takes the real one's flags, stands on the same things, goes through the same
// states, answers the same addresses; of jobs it knows no more than to run and to kill them.
//
//   IDLE → PREPARING_STORAGE → STORAGE_PREPARED → LEADER_AWAITING_REGISTRATION → ACTIVE → (any) → DEAD
import { lookup } from 'node:dns/promises'
import { mkdirSync } from 'node:fs'
import { awaitLeadership, serve } from '../election.mjs'
import { durationOf, readFlags } from '../flags.mjs'
import { findNativeLibrary } from '../native-library.mjs'
import { startPages } from '../pages.mjs'
import { newMesos } from '../registration.mjs'
import { awaitStorage, lockLog } from '../replicated-log.mjs'
import { log, newState } from '../state.mjs'
import { openTasks } from '../tasks.mjs'

export async function main(args, properties) {
  const flags = readFlags(args)
  log('This is the miniature scheduler of a sandbox, of Aurora @VERSION@.')
  findNativeLibrary(properties)
  await requireKnown(flags.hostname)
  lockLog(flags.native_log_file_path)
  mkdirSync(flags.backup_dir, { recursive: true })
  const state = newState()
  const shutDown = (reason) => {
    log(`${reason}: shutting down`)
    state.enter('DEAD')
    process.exit(0)
  }
  const mesos = newMesos(flags, state)
  let tasks
  const port = await startPages(flags, state, shutDown, () => tasks)
  const zookeeper = flags.zk_endpoints.split(',')[0]

  state.enter('PREPARING_STORAGE')
  await awaitStorage(flags, zookeeper)
  state.enter('STORAGE_PREPARED')
  await awaitLeadership(zookeeper, flags.serverset_path, shutDown)
  state.enter('LEADER_AWAITING_REGISTRATION')
  endAfter(flags.max_leading_duration, shutDown, 'Leading for max_leading_duration')
  const late = endAfter(
    flags.max_registration_delay,
    shutDown,
    'Framework has not been registered within the tolerated delay',
  )
  const stored = openTasks(flags, mesos)
  await mesos.register(stored)
  clearTimeout(late)
  tasks = stored
  serve(zookeeper, flags, port)
  state.enter('ACTIVE')
}

/** The name that goes into ZooKeeper must mean something on this very host. */
async function requireKnown(hostname) {
  try {
    await lookup(hostname)
  } catch {
    console.error(`java.net.UnknownHostException: ${hostname} (the sandbox's miniature scheduler)`)
    process.exit(1)
  }
}

function endAfter(amount, shutDown, reason) {
  // Longer than 24 days a timer cannot be set, and need not.
  return setTimeout(() => shutDown(reason), Math.min(durationOf(amount), 2 ** 31 - 1)).unref()
}
