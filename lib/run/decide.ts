import type { Action } from '../model/action.ts'
import { difference, differenceOfOwn } from '../model/difference.ts'
import type { Reason } from '../model/reason.ts'
import type { TaskRecord } from '../model/record.ts'

/** All that a decision rests on. Gathered by `judge`; nothing else is read. */
export interface Evidence {
  forced: boolean
  always: boolean
  action: Action
  /** Needed instances of which nobody can yet say what they will make. Only when looking. */
  unknown: string[]
  /** What was recorded for this very action, if anything. */
  record?: TaskRecord
  /** What was recorded last, if nothing of the engine ran the instance since. */
  latest?: TaskRecord
  /** Every recorded action of the instance, the latest first: the others are read where that does not suffice. */
  history: Iterable<TaskRecord>
  /** It ran on this host before, as far as this machine remembers, and the host has no receipt of it. */
  receiptLost: boolean
  /** It was seen to stand, and the record of that is lost: at the same glance it would still stand. */
  recordLost: boolean
  /** Outputs that are not as the record says, where the task ran and at home. */
  missing: string[]
  changed: string[]
  /** Outputs are missing or changed, and every one of them can be put back. */
  restorable: boolean
  /** The host from which what the cache lacks of them can be brought home again. */
  keptBy?: string
  /** What the task's own probe found wrong. */
  probe: Reason[]
}

export type Decision = { do: 'nothing' } | { do: 'restore' | 'run' | 'wait'; reasons: Reason[] }

/** Must it run? One answer for `run`, `run --dry-run`, `why` and `status`. */
export function decide(evidence: Evidence): Decision {
  const { record, missing, changed, probe } = evidence
  if (evidence.forced) return { do: 'run', reasons: [{ kind: 'forced' }] }
  if (evidence.always) return { do: 'run', reasons: [{ kind: 'always' }] }
  if (evidence.unknown.length > 0) return decideUnknowing(evidence)
  if (!record) return { do: 'run', reasons: whyNotRecorded(evidence) }
  const reasons = missing.length + changed.length > 0 ? whyNotStanding(evidence, record) : []
  if (probe.length > 0) return { do: 'run', reasons: [...reasons, ...probe] }
  if (reasons.length === 0) return { do: 'nothing' }
  if (!evidence.restorable) return { do: 'run', reasons }
  return { do: 'restore', reasons: reasons.map((reason) => broughtFrom(evidence.keptBy, reason)) }
}

/** Says of an output from which host it is brought home again, if from any. */
export function broughtFrom(host: string | undefined, reason: Reason): Reason {
  if (reason.kind !== 'output-missing' && reason.kind !== 'output-changed') return reason
  const { from: _, ...bare } = reason
  return host === undefined ? bare : { ...bare, from: host }
}

/** Without knowing what the needed tasks will make, only what differs in the task itself is certain. */
function decideUnknowing(evidence: Evidence): Decision {
  const wait: Decision = {
    do: 'wait',
    reasons: evidence.unknown.map((task) => ({ kind: 'waits-for', task })),
  }
  if (evidence.recordLost) return wait
  const nearest = leastDifference(evidence, certainDifference, 0)
  if (!nearest) return { do: 'run', reasons: [neverStood(evidence)] }
  return nearest.length > 0 ? { do: 'run', reasons: nearest } : wait
}

/** What hosts say is not: the needed tasks may be about to change it, or to change it back. */
function certainDifference(before: Action, after: Action): Reason[] {
  return differenceOfOwn(before, after).filter(({ kind }) => kind !== 'fact-changed')
}

function whyNotRecorded(evidence: Evidence): Reason[] {
  const nearest = leastDifference(evidence, difference, 1)
  return nearest?.length ? nearest : [neverStood(evidence)]
}

/** What sets the present action apart from the nearest recorded one, the latest of equals. `least`: none is nearer. */
function leastDifference(
  { action, history }: Evidence,
  differ: typeof difference,
  least: number,
): Reason[] | undefined {
  let nearest: Reason[] | undefined
  for (const record of history) {
    const reasons = differ(record.action, action)
    if (!nearest || reasons.length < nearest.length) nearest = reasons
    if (nearest.length <= least) break
  }
  return nearest
}

function neverStood({ receiptLost }: Evidence): Reason {
  return { kind: receiptLost ? 'receipt-missing' : 'never-ran' }
}

/** Says of a file that is not as recorded whether it was recorded at all. */
export function extraUnlessMade({ outputs, collected }: TaskRecord, path: string): { extra?: true } {
  return Object.hasOwn({ ...outputs, ...collected }, path) ? {} : { extra: true }
}

/** After a reverted edit, the edit is the reason; otherwise what happened to the outputs. */
function whyNotStanding({ action, latest, missing, changed }: Evidence, record: TaskRecord): Reason[] {
  if (latest && latest.key !== record.key) return difference(latest.action, action)
  return [
    ...missing.map((path): Reason => ({ kind: 'output-missing', path })),
    ...changed.map((path): Reason => ({ kind: 'output-changed', path, ...extraUnlessMade(record, path) })),
  ]
}
