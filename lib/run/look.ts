import { setMaxListeners } from 'node:events'
import type { Warning } from '../model/event.ts'
import { Failed } from '../model/failure.ts'
import { findTask } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import type { Reason } from '../model/reason.ts'
import type { LookedStatus } from '../model/status.ts'
import { CacheFaults } from './cache-faults.ts'
import { checkInputs } from './check-inputs.ts'
import { type Engine, openEngine } from './engine.ts'
import { askAhead } from './facts.ts'
import { type Judgement, judge } from './judge.ts'
import { lookAtInstance } from './look-at-instance.ts'
import { madeBefore } from './made-before.ts'
import type { Looked, RunOptions, Workspace } from './options.ts'
import { failureOf } from './outcome.ts'
import { skipped } from './skipped.ts'
import { walk } from './walk.ts'

/** What a run of the targets would do. Writes nothing anywhere. */
export async function lookAt(
  workspace: Workspace,
  options: RunOptions,
  signal: AbortSignal,
  warn: (warning: Warning) => void,
): Promise<Looked[]> {
  setMaxListeners(0, signal)
  for (const name of options.rebuild ?? []) findTask(workspace.graph, name)
  const faults = new CacheFaults(workspace.root, warn, { repair: false })
  const engine = openEngine(workspace, options, faults, signal)
  checkInputs(engine)
  askAhead(engine)
  const before = await madeBefore(engine)
  // What a run would not get to: its host does not answer, a file of it cannot be read, or what it needs was left out and
  // never ran.
  const stuck = new Set<Instance>()
  const looks = await walk<Looked & { made?: Made }>(engine.instances, async (instance, visited) => {
    const skip = skipped(engine, instance)
    const isThere = (need: Instance) => skip !== undefined || visited.has(need) || before.has(need)
    const inVain = neededBy(instance).filter((need) => stuck.has(need) || !isThere(need))
    if (inVain.length > 0) {
      stuck.add(instance)
      return { instance, status: 'unknown', reasons: inVain.map(waitsFor) }
    }
    if (skip) return { ...skip, instance }
    try {
      const madeBy = (need: Instance) => visited.get(need)?.made ?? before.get(need)
      const look = await lookAtInstance(engine, instance, madeBy)
      return told(engine, instance, await judge(engine, instance, madeBy, signal, look))
    } catch (error) {
      signal.throwIfAborted()
      if (!instance.task.tolerate) stuck.add(instance)
      return { instance, status: 'unknown', reasons: [hindrance(instance, error, workspace.root)] }
    }
  })
  faults.end()
  return [...looks.values()].map(({ made: _, ...looked }) => looked)
}

const would: Record<Judgement['decision']['do'], LookedStatus> = {
  nothing: 'up-to-date',
  restore: 'restored',
  run: 'ran',
  wait: 'unknown',
}

function neededBy({ needs }: Instance): Instance[] {
  return [...new Set(needs.flatMap(({ instances }) => instances))]
}

function waitsFor({ id }: Instance): Reason {
  return { kind: 'waits-for', task: id }
}

/** What a run would leave unchanged or put back is known beforehand; what it would make is not. */
function told(
  { records }: Engine,
  instance: Instance,
  { decision, key, made, record, running }: Judgement,
): Looked & { made?: Made } {
  const isKnown = decision.do === 'nothing' || decision.do === 'restore'
  const finishedAt = isKnown ? (record ?? records.find(instance.id, key))?.finishedAt : undefined
  return {
    instance,
    status: would[decision.do],
    reasons: decision.do === 'nothing' ? [] : decision.reasons,
    ...(isKnown && { key, ...(made && { made }) }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(running && { running }),
  }
}

/** An unreachable host, or a file that cannot be read, makes an instance unjudgeable; anything else is a bug, and is thrown. */
function hindrance({ host }: Instance, error: unknown, root: string): Reason {
  const failure = failureOf(error, root)
  if (failure.kind === 'file-fault') return failure
  if (!(error instanceof Failed)) throw error
  return {
    kind: 'unreachable',
    host: host?.name ?? '',
    detail: 'detail' in failure ? failure.detail : failure.kind,
  }
}
