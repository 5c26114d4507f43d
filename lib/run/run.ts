import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { rmSync } from 'node:fs'
import { isEmpty } from '../cache/known-size.ts'
import { tickOf } from '../inputs/signatures.ts'
import { commonEnvironment } from '../local/environment.ts'
import { startNoMore } from '../local/start-command.ts'
import type { RunEnd, Warning } from '../model/event.ts'
import { findTask } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import { leaseLost } from '../model/lease.ts'
import { type Status, statuses } from '../model/status.ts'
import { CacheFaults } from './cache-faults.ts'
import { checkInputs } from './check-inputs.ts'
import { checkStanding } from './check-standing.ts'
import { ClusterLease } from './cluster-lease.ts'
import { type Engine, openEngine } from './engine.ts'
import { failedHosts } from './failed-hosts.ts'
import { keepWithinLimit } from './keep-within-limit.ts'
import { endLeftovers } from './leftovers.ts'
import { acquireLock, type RunLock } from './lock.ts'
import { LockGuard, lockLost } from './lock-guard.ts'
import type { Emit, RunOptions, Workspace } from './options.ts'
import type { Outcome } from './outcome.ts'
import { Relay } from './relay.ts'
import { saveMemory } from './save-memory.ts'
import type { Tools } from './tools.ts'
import { visitAll } from './visit.ts'

/** Runs the targets and what they need; tells all that happens through `emit`. Throws only usage errors. */
export async function runTargets(
  workspace: Workspace,
  options: RunOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<RunEnd> {
  const started = Date.now()
  setMaxListeners(0, signal)
  for (const name of options.rebuild ?? []) findTask(workspace.graph, name)
  const warn = (warning: Warning) => emit({ type: 'warning', warning })
  const faults = new CacheFaults(workspace.root, warn, { repair: true })
  const engine = openEngine(workspace, options, faults, signal)
  const run = randomBytes(8).toString('hex')
  const command = ['run', ...options.targets].join(' ')
  let waited = false
  const lock = await acquireLock(engine.layout.lock, {
    root: workspace.root,
    run,
    command,
    wait: options.wait ?? false,
    onWait: ({ pid, command, since }) => {
      waited = true
      warn({ kind: 'waits-for-run', pid, command, since })
    },
    signal,
  })
  const guard = new LockGuard(lock, warn)
  const lease = new ClusterLease({
    open: workspace.lease && (() => workspace.fleet.lease(workspace.lease!)),
    root: workspace.root,
    run,
    command,
    dead: lock.unended === 'all' ? [] : lock.unended,
    wait: options.wait ?? false,
    signal: AbortSignal.any([signal, guard.lost]),
    warn,
  })
  const tools: Tools = {
    began: started,
    cacheWasEmpty: isEmpty(engine.layout),
    run,
    environment: commonEnvironment(lock.holder, workspace.root),
    lock: guard,
    lease,
    emit,
    signal: AbortSignal.any([signal, guard.lost, lease.lost]),
    warn,
    relay: new Relay(workspace.fleet, workspace.via, warn),
    live: new Set(),
    logged: new Set(),
  }
  setMaxListeners(0, tools.signal)
  const killAll = () => {
    startNoMore()
    for (const groups of tools.live) groups.kill()
  }
  process.once('exit', killAll)
  try {
    if (lock.fault) faults.tellOf('the lock of this workspace could not be taken', lock.fault)
    await endLeftovers(lock, workspace.root, warn)
    if (waited || othersWereAtWorkSince(workspace.survey?.began, lock)) workspace.survey?.forget()
    // Only now: while another run was waited for, files may have come and gone.
    checkInputs(engine)
    faults.attempt(
      () => rmSync(engine.layout.temporary, { recursive: true, force: true }),
      'leftovers of an earlier run could not be removed',
    )
    emit({ type: 'run-start', schema: 1, run, targets: options.targets })
    const outcomes = await visitAll(engine, tools)
    if (!guard.lost.aborted) await closeUp(engine, outcomes, tools)
    faults.end()
    const end = runEnd(outcomes, tools.signal, Date.now() - started)
    emit(end)
    return end
  } finally {
    process.off('exit', killAll)
    await lease.end()
    guard.end()
  }
}

function othersWereAtWorkSince(time = 0, { unended, givenBackAt = 0 }: RunLock): boolean {
  return unended.length > 0 || givenBackAt + tickOf({ mtimeMs: givenBackAt, ctimeMs: givenBackAt }) >= time
}

/** What is left to do once everything has run. */
async function closeUp(
  engine: Engine,
  outcomes: ReadonlyMap<Instance, Outcome>,
  tools: Tools,
): Promise<void> {
  await checkStanding(engine, outcomes, tools)
  markUsed(engine, outcomes)
  saveMemory(engine)
  keepWithinLimit(engine, outcomes, tools)
}

/** What was judged closely is marked already. */
function markUsed({ faults, glances, records }: Engine, outcomes: ReadonlyMap<Instance, Outcome>): void {
  faults.attempt(() => {
    for (const [{ id, host }, { status, key }] of outcomes)
      if (status === 'up-to-date' && !host && key && glances.isTimeToMark(id)) records.markUsed(id, key)
  }, 'what was of use could not be marked')
}

/** By what a run was aborted for. */
const exitCodes: Record<string, number> = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
  [lockLost]: 3,
  [leaseLost]: 3,
}

function runEnd(outcomes: ReadonlyMap<Instance, Outcome>, signal: AbortSignal, ms: number): RunEnd {
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>
  for (const { status } of outcomes.values()) counts[status]++
  const unfinished = counts.failed + counts.blocked + counts.cancelled > 0
  const exitCode = signal.aborted
    ? (exitCodes[String(signal.reason)] ?? 130)
    : isBarred(outcomes)
      ? exitCodes[leaseLost]!
      : Number(unfinished)
  const hosts = failedHosts(outcomes)
  const onHosts = Object.keys(hosts).length > 0 && { failedHosts: hosts }
  return { type: 'run-end', ok: exitCode === 0, exitCode, counts, ...onHosts, ms }
}

/** Whether another run that deploys to the cluster kept this one from it. */
function isBarred(outcomes: ReadonlyMap<Instance, Outcome>): boolean {
  return [...outcomes.values()].some(
    ({ failure }) => failure?.kind === 'lease-held' || failure?.kind === 'fenced',
  )
}
