import { logPath } from '../cache/logs.ts'
import type { TaskEnd } from '../model/event.ts'
import { Failed } from '../model/failure.ts'
import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import { withoutSecrets } from '../model/secrets.ts'
import type { Engine } from './engine.ts'
import { askAhead } from './facts.ts'
import { upToDateAtAGlance } from './glimpse.ts'
import { hindrance, isTolerated } from './hindrance.ts'
import { madeBefore, madeThere } from './made-before.ts'
import { digestOfMade } from './made-later.ts'
import { failureOf, type Outcome } from './outcome.ts'
import { secretsOf } from './secrets.ts'
import { nothing, skipped } from './skipped.ts'
import type { Tools } from './tools.ts'
import { type Turn, turns } from './turns.ts'
import { walk } from './walk.ts'

/** Takes every requested instance to its end: as many local ones and hosts at a time as the options allow. */
export async function visitAll(engine: Engine, tools: Tools): Promise<ReadonlyMap<Instance, Outcome>> {
  const { options, workspace, instances } = engine
  const inTurn = turns(engine)
  askAhead(engine)
  const before = await madeBefore(engine)
  relyOnHosts(engine, before, tools)
  const { survey } = workspace
  if (survey) {
    // What is wanted later is read while it is under way.
    for (const { id } of instances) engine.glances.of(id)
    await survey.end(engine.digests)
  }
  let stopped = false
  let refusal: Failed | undefined
  return walk<Outcome>(instances, (instance, visited) => {
    let started = Date.now()
    // A host that failed made nothing, where that is tolerated.
    const madeBy = (need: Instance) =>
      visited.has(need) ? (visited.get(need)!.made ?? nothing) : before.get(need)
    const cancelled = (): Outcome | undefined =>
      stopped || tools.signal.aborted ? { status: 'cancelled', reasons: [] } : undefined
    const failed = (error: unknown): Outcome => {
      // All wait for the same lease: one tells why it is not to be had.
      if (tools.signal.aborted || (refusal && error === refusal)) return { status: 'cancelled', reasons: [] }
      if (error instanceof Failed && error.failure.kind === 'lease-held') refusal = error
      if (!options.keepGoing && !isTolerated(instance, instances, visited)) stopped = true
      const failure = withoutSecrets(failureOf(error, workspace.root), secretsOf(engine, instance))
      return { status: 'failed', reasons: [], failure }
    }
    const act = async (turn: Turn) => {
      started = Date.now()
      const whenDue: Turn = (run) =>
        turn(async (leave, waitedMs) => {
          started += Math.floor(waitedMs)
          // A failure may keep the next one from beginning.
          return cancelled() ?? run(leave, waitedMs).catch(failed)
        })
      return cancelled() ?? perform(engine, instance, madeBy, tools, whenDue).catch(failed)
    }
    const end = (outcome: Outcome) => {
      const log = tools.logged.has(instance) ? logPath(engine.layout, instance.id) : undefined
      tools.emit(taskEnd(instance, outcome, log, Date.now() - started))
      return outcome
    }
    const atOnce =
      hindrance(instance, visited) ??
      cancelled() ??
      skipped(engine, instance) ??
      upToDateAtAGlance(engine, instance, madeBy)
    return atOnce ? end(atOnce) : inTurn(instance, act).then(end)
  })
}

/** Until this run has the lease, another may make them anew. */
function relyOnHosts(engine: Engine, before: ReadonlyMap<Instance, Made>, { lease }: Tools): void {
  for (const [instance, made] of before)
    if (instance.host)
      lease.relyOn(instance.id, async () => {
        const now = await madeThere(engine, instance)
        return now !== undefined && digestOfMade(now) === digestOfMade(made)
      })
}

/** Loaded only where something is to be done: most of a run's code is for that. */
async function perform(...args: Parameters<typeof import('./perform.ts').perform>): Promise<Outcome> {
  return (await import('./perform.ts')).perform(...args)
}

function taskEnd(
  { id }: Instance,
  { status, reasons, key, failure, blockedBy }: Outcome,
  log: string | undefined,
  ms: number,
): TaskEnd {
  return {
    type: 'task-end',
    task: id,
    status,
    ...(key && { key }),
    reasons,
    ...(failure && { failure }),
    ...(blockedBy !== undefined && { blockedBy }),
    ...(log !== undefined && (status === 'failed' || status === 'ran') && { log }),
    ms,
  }
}
