import type { Action } from '../model/action.ts'
import { keyOf } from '../model/action.ts'
import { localOutputs } from '../model/declarations.ts'
import type { Digest } from '../model/digest.ts'
import type { FileStates } from '../model/file-state.ts'
import type { FactValue } from '../model/host.ts'
import type { HostAnswer, HostSession } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import type { TaskRecord } from '../model/record.ts'
import { type Decision, decide } from './decide.ts'
import type { Engine } from './engine.ts'
import { readFacts } from './facts.ts'
import { presentAction } from './present-action.ts'
import { probe } from './probe.ts'
import { standing } from './standing.ts'

/** A decision with all that it was made from, for whoever acts on it. */
export interface Judgement {
  action: Action
  key: Digest
  decision: Decision
  record?: TaskRecord
  /** Needed instances of which nobody knows what they made. */
  unknown: string[]
  /** What was recorded last, whatever its key, if nothing of the engine ran the instance since. */
  latest?: TaskRecord
  facts: Record<string, FactValue>
  session?: HostSession
  /** Files, from the root, that now lie where the instance's local outputs belong. */
  present: string[]
  changed: string[]
  /** What the record says of the workspace: what the task made here, or brought home. */
  atHome: FileStates
}

/** Gathers the evidence for one instance, in one round trip to its host, and decides. Changes nothing. */
export async function judge(
  engine: Engine,
  instance: Instance,
  made: (instance: Instance) => Made | undefined,
  signal: AbortSignal,
): Promise<Judgement> {
  const { task, host } = instance
  const session = host && (await engine.workspace.fleet.session(host))
  const { answer, facts } = await readFacts(engine, instance, session)
  const platform = answer?.platform ?? `${process.platform}-${process.arch}`
  const { action, unknown } = await presentAction(engine, instance, { platform, facts, made })
  const key = keyOf(action)
  const found = answer ? remoteRecords(engine, instance, key, answer) : localRecords(engine, instance, key)
  const atHome = (task.on ? found.record?.collected : found.record?.outputs) ?? {}
  const home = await standing(engine, localOutputs(task, engine.declarations(instance)), atHome)
  const missing = [...(found.record && answer ? answer.missing : []), ...home.missing]
  const changed = [...(found.record && answer ? answer.changed : []), ...home.changed]
  const forced = engine.options.noCache || engine.options.rebuild?.includes(task.name) || false
  const stands = missing.length + changed.length === 0
  const restorable =
    !stands &&
    home.missing.length + home.changed.length === missing.length + changed.length &&
    Object.values(atHome).every((file) => 'link' in file || engine.blobs.isWhole(file.digest))
  const needsNoRun = found.record && (stands || restorable) && unknown.length === 0 && !forced
  const decision = decide({
    forced,
    always: task.always ?? false,
    action,
    unknown,
    ...found,
    missing,
    changed,
    restorable,
    probe: needsNoRun
      ? await probe(engine, instance, { session, facts, outputs: Object.keys(found.record!.outputs), signal })
      : [],
  })
  return {
    action,
    key,
    decision,
    unknown,
    facts,
    present: home.present,
    changed,
    atHome,
    ...(found.record && { record: found.record }),
    ...(found.latest && { latest: found.latest }),
    ...(session && { session }),
  }
}

interface Found {
  record?: TaskRecord
  latest?: TaskRecord
  history: TaskRecord[]
  receiptLost: boolean
}

function localRecords({ records }: Engine, { id }: Instance, key: Digest): Found {
  if (!records.has(id)) return { history: [], receiptLost: false }
  const record = records.find(id, key)
  const latest = records.latest(id)
  if (record && latest?.key === key) return { record, latest, history: [record], receiptLost: false }
  const others = records.all(id).filter((one) => one.key !== latest?.key)
  const known = { ...(record && { record }), ...(latest && { latest }) }
  return { ...known, history: [...(latest ? [latest] : []), ...others], receiptLost: false }
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
