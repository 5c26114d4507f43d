import { join } from 'node:path'
import { readLogEnd } from '../cache/logs.ts'
import { giveWay } from '../disk/give-way.ts'
import { matcher } from '../inputs/find-files.ts'
import type { Signatures } from '../inputs/signatures.ts'
import { collectedPath } from '../model/declarations.ts'
import { Failed } from '../model/failure.ts'
import type { FileStates } from '../model/file-state.ts'
import { nameOnHost } from '../model/instance.ts'
import type { Reason } from '../model/reason.ts'
import type { TaskRecord } from '../model/record.ts'
import { attempts } from './attempts.ts'
import { watchInputs } from './changed-input.ts'
import type { Engine } from './engine.ts'
import { settlingJobs } from './jobs.ts'
import type { Step } from './step.ts'

interface Executed {
  record: TaskRecord
  /** Whether a later run may rely on it. */
  isKept: boolean
}

/**
 * Runs an instance, takes stock of what it made, and records it. Throws what the task threw.
 * @param inputs the outside of its input files, taken before it was judged
 * @param leave called once it has run, and only its results are to be kept
 */
export async function execute(
  step: Step,
  inputs: Signatures,
  reasons: Reason[],
  leave: () => void,
): Promise<Executed> {
  const { instance, judgement, tools } = step
  const { task, id } = instance
  const { session, action, key } = judgement
  const started = Date.now()
  if (!task.always) await session?.removeReceipt(nameOnHost(instance))
  const changedInput = watchInputs(step, inputs)
  const { outputs, collected } = await settlingJobs(step, async () => {
    await attempts(step)
    const made = { outputs: await takeStock(step), collected: await bringHome(step) }
    leave()
    return made
  })
  const record: TaskRecord = {
    schema: 1,
    task: nameOnHost(instance),
    key,
    action,
    outputs,
    ...(collected && { collected }),
    reasons,
    durationMs: Date.now() - started,
    finishedAt: new Date().toISOString(),
  }
  const changed = await changedInput()
  const isKept = changed === undefined && !task.always
  if (isKept) await keep(step, record)
  else tools.lock.assertHeld()
  if (changed !== undefined) tools.warn({ kind: 'input-changed-while-running', task: id, path: changed })
  return { record, isKept }
}

/** What the declared outputs are now. One that is not there is the task's failure. */
async function takeStock({ engine, instance, judgement: { session } }: Step): Promise<FileStates> {
  const { outputs } = engine.declarations(instance)
  if (outputs.length === 0) return {}
  const states = session ? await session.digest(outputs) : await localStates(engine, outputs)
  const made = Object.keys(states)
  const isMade = (pattern: string) => Object.hasOwn(states, pattern) || made.some(matcher([pattern]))
  const missing = outputs.find((pattern) => !pattern.startsWith('!') && !isMade(pattern))
  if (missing !== undefined) throw new Failed({ kind: 'output-not-made', path: missing })
  return states
}

function localStates({ finder, digests }: Engine, patterns: string[]): Promise<FileStates> {
  return digests.states(digests.signatures(finder.outputs(patterns).paths))
}

async function bringHome({
  engine,
  instance,
  judgement: { session },
  tools,
}: Step): Promise<FileStates | undefined> {
  const { files, into } = engine.declarations(instance).collect
  if (!session || files.length === 0) return undefined
  const progress = (done: number, total: number) =>
    tools.emit({ type: 'task-progress', task: instance.id, done, total, unit: 'bytes' })
  await session.download(files, join(engine.workspace.root, into), progress, tools.signal)
  return localStates(
    engine,
    files.map((path) => collectedPath(into, path)),
  )
}

/** Contents first, then the record that promises them. A cache that cannot be written costs a later run, not this one. */
async function keep(
  { engine, instance, judgement: { session }, tools }: Step,
  record: TaskRecord,
): Promise<void> {
  const { blobs, faults, layout, records, workspace } = engine
  const { id } = instance
  const keepLog = async () => {
    record.log = await blobs.putPrivate(readLogEnd(layout, id))
  }
  // Another log that lies there is of an earlier run.
  if (tools.logged.has(instance))
    await faults.attemptLong(keepLog, `the log of \`${id}\` could not be kept`, tools.signal)
  const what = `the result of \`${id}\` could not be kept`
  const keepContents = async () => {
    for (const [path, file] of Object.entries((session ? record.collected : record.outputs) ?? {})) {
      await giveWay(tools.signal)
      if ('digest' in file) await blobs.put(`${workspace.root}/${path}`, file)
    }
  }
  const kept = await faults.attemptLong(keepContents, what, tools.signal)
  tools.lock.assertHeld()
  if (session) {
    await session.writeReceipt(record)
    tools.lock.assertHeld()
  }
  if (kept || session) faults.attempt(() => records.save(id, record), what)
}
