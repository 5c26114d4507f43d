import type { Records } from '../cache/records.ts'
import type { Action } from '../model/action.ts'
import { keyOf } from '../model/action.ts'
import { localOutputs } from '../model/declarations.ts'
import type { Digest } from '../model/digest.ts'
import type { FileStates } from '../model/file-state.ts'
import type { FactValue } from '../model/host.ts'
import type { HostAnswer, HostSession } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Made, MadeBy } from '../model/made.ts'
import type { TaskRecord } from '../model/record.ts'
import { type Decision, decide } from './decide.ts'
import type { Engine } from './engine.ts'
import { readFacts } from './facts.ts'
import { contentsOf } from './glances.ts'
import { madeAsSeen, standsAsSeen } from './glimpse.ts'
import { hasRoom } from './has-room.ts'
import { lackedOf } from './lacked.ts'
import { type Look, lookAtInstance } from './look-at-instance.ts'
import { madeOf } from './outcome.ts'
import { fileMarks, presentAction } from './present-action.ts'
import { probe } from './probe.ts'
import { type Standing, standing } from './standing.ts'

/** A decision with all that it was made from, for whoever acts on it. */
export interface Judgement {
  action: Action
  key: Digest
  /** See `contentsOf`; absent where that is not enough to be up to date by. */
  contents?: Digest | undefined
  decision: Decision
  record?: TaskRecord
  /** What stands, where there is nothing to do. */
  made?: Made
  /** Needed instances of which nobody knows what they made. */
  unknown: string[]
  /** What was recorded last, whatever its key, if nothing of the engine ran the instance since. */
  latest?: TaskRecord
  facts: Record<string, FactValue>
  session?: HostSession
  /** A job of the task is at work on the host. */
  running: boolean
  /** Files, from the root, that now lie where the instance's local outputs belong. */
  present: string[]
  changed: string[]
  /** What the record says of the workspace: what the task made here, or brought home. */
  atHome: FileStates
  /** What the cache lacks of it and the host has, by where it lies there. */
  onHost: FileStates
}

/**
 * Gathers the evidence for one instance, in one round trip to its host, and decides. Changes nothing.
 * @param look at it from outside, taken before
 */
export async function judge(
  engine: Engine,
  instance: Instance,
  made: MadeBy,
  signal: AbortSignal,
  { inputs, others }: Look,
): Promise<Judgement> {
  const { task, host } = instance
  const session = host && (await engine.workspace.fleet.session(host))
  const { answer, facts } = await readFacts(engine, instance, session)
  const platform = answer?.platform ?? `${process.platform}-${process.arch}`
  const seen = others === undefined ? undefined : engine.glances.of(instance.id)
  const files = inputs && (await fileMarks(engine, inputs))
  let contents = seen?.contents
  if (files) contents = others === undefined ? undefined : contentsOf(files, others)
  // Where nothing has changed, what it needs need not be read to know what it would do.
  const known = seen && seen.contents === contents ? engine.records.find(instance.id, seen.key) : undefined
  // What a survey vouches for is of no use without its record.
  if (!known && !files)
    return judge(engine, instance, made, signal, await lookAtInstance(engine, instance, made))
  const { action, unknown } = known
    ? { action: known.action, unknown: [] }
    : await presentAction(engine, instance, { platform, facts, files: files!, made })
  const key = known?.key ?? keyOf(action)
  if (!known && seen?.key === key && (await standsAsSeen(engine, instance, seen)))
    return { ...nothingToDo, action, key, contents, facts, made: madeAsSeen(engine, instance, seen) }
  const found = answer
    ? remoteRecords(engine, instance, key, answer)
    : localRecords(engine, instance, key, known)
  const atHome = (task.on ? found.record?.collected : found.record?.outputs) ?? {}
  const home = found.record
    ? await standing(engine, localOutputs(task, engine.declarations(instance)), atHome)
    : notLookedAt
  const missing = [...(found.record && answer ? answer.missing : []), ...home.missing]
  const changed = [...(found.record && answer ? answer.changed : []), ...home.changed]
  const forced = engine.options.noCache || engine.options.rebuild?.includes(task.name) || false
  const stands = missing.length + changed.length === 0
  const mayPutBack =
    !stands &&
    home.missing.length + home.changed.length === missing.length + changed.length &&
    hasRoom(engine.workspace.root, home.missing)
  const onHost = mayPutBack ? await lackedOf(engine, instance, session, atHome, signal) : undefined
  const restorable = onHost !== undefined
  const lastSeen = unknown.length > 0 && engine.glances.of(instance.id)
  const needsNoRun = found.record && (stands || restorable) && unknown.length === 0 && !forced
  const decision = decide({
    forced,
    always: task.always ?? false,
    action,
    unknown,
    ...found,
    recordLost: lastSeen ? !engine.records.find(instance.id, lastSeen.key) : false,
    missing,
    changed,
    restorable,
    ...(host && onHost && Object.keys(onHost).length > 0 && { keptBy: host.name }),
    probe: needsNoRun
      ? await probe(engine, instance, { session, facts, outputs: Object.keys(found.record!.outputs), signal })
      : [],
  })
  return {
    action,
    key,
    contents,
    decision,
    unknown,
    facts,
    present: home.present,
    changed,
    atHome,
    onHost: onHost ?? {},
    ...(found.record && { record: found.record, made: madeOf(found.record) }),
    ...(found.latest && { latest: found.latest }),
    ...(session && { session }),
    running: answer?.running ?? false,
  }
}

/** Without a record, what lies where outputs belong decides nothing. */
const notLookedAt: Standing = { present: [], missing: [], changed: [] }

/** Where all is as it was when it was seen, no record of that is needed. */
const nothingToDo = {
  decision: { do: 'nothing' },
  unknown: [],
  present: [],
  changed: [],
  atHome: {},
  onHost: {},
  running: false,
} satisfies Partial<Judgement>

interface Found {
  record?: TaskRecord
  latest?: TaskRecord
  history: Iterable<TaskRecord>
  receiptLost: boolean
}

function localRecords(
  { records }: Engine,
  { id }: Instance,
  key: Digest,
  known: TaskRecord | undefined,
): Found {
  if (!known && !records.has(id)) return { history: [], receiptLost: false }
  const record = known ?? records.find(id, key)
  const latestKey = records.latestKey(id)
  if (record && latestKey === key) return { record, latest: record, history: [record], receiptLost: false }
  const latest = latestKey && records.find(id, latestKey)
  const found = { ...(record && { record }), ...(latest && { latest }) }
  return { ...found, history: historyOf(id, latest, records), receiptLost: false }
}

function* historyOf(id: string, latest: TaskRecord | undefined, records: Records): Iterable<TaskRecord> {
  if (latest) yield latest
  // All at a time, since only their contents tell which is the newest: often the latest is enough.
  yield* records.all(id).filter(({ key }) => key !== latest?.key)
}

/** Only the host knows what stands on it; our own records of it merely tell whether it has forgotten something. */
function remoteRecords({ records }: Engine, { id }: Instance, key: Digest, { receipt }: HostAnswer): Found {
  if (!receipt) return { history: [], receiptLost: records.latest(id) !== undefined }
  return {
    ...(receipt.key === key && { record: receipt }),
    latest: receipt,
    history: [receipt],
    receiptLost: false,
  }
}
