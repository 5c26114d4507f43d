import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { collectedPath } from '../model/declarations.ts'
import { Failed } from '../model/failure.ts'
import type { FileStates } from '../model/file-state.ts'
import type { HostSession } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import { isGlob } from '../model/pattern.ts'
import type { Reason } from '../model/reason.ts'
import type { TaskRecord } from '../model/record.ts'
import { attempts } from './attempts.ts'
import type { Engine } from './engine.ts'
import type { Judgement } from './judge.ts'
import { fileMarks } from './present-action.ts'
import type { Tools } from './tools.ts'

/** Runs an instance, takes stock of what it made, and records it. Throws what the task threw. */
export async function execute(
  engine: Engine,
  instance: Instance,
  judgement: Judgement,
  reasons: Reason[],
  madeBy: (instance: Instance) => Made | undefined,
  tools: Tools,
): Promise<TaskRecord> {
  const { task } = instance
  const { session, action, key } = judgement
  const started = Date.now()
  makeRoom(engine, instance, judgement)
  if (!task.always) await session?.removeReceipt(task.name)
  await attempts(engine, instance, judgement, madeBy, tools)
  const outputs = await takeStock(engine, instance, session)
  const collected = session ? await bringHome(engine, instance, session, tools) : undefined
  const record: TaskRecord = {
    schema: 1,
    task: task.name,
    key,
    action,
    outputs,
    ...(collected && { collected }),
    reasons,
    durationMs: Date.now() - started,
    finishedAt: new Date().toISOString(),
  }
  const changed = await changedInput(engine, instance, action.files)
  if (changed !== undefined)
    tools.warn({ kind: 'input-changed-while-running', task: instance.id, path: changed })
  else if (!task.always) await keep(engine, instance, record, session, tools)
  return record
}

/** A clean build starts without outputs, so this one does, too. Their folders are there, as any build tool has them. */
function makeRoom(
  { workspace: { root }, declarations }: Engine,
  instance: Instance,
  { present }: Judgement,
): void {
  const { task } = instance
  if (task.on) return
  if (!task.keepOutputs) for (const path of present) rmSync(join(root, path), { force: true })
  for (const pattern of declarations(instance).outputs)
    if (!isGlob(dirname(pattern))) mkdirSync(join(root, dirname(pattern)), { recursive: true })
}

/** What the declared outputs are now. One that is not there is the task's failure. */
async function takeStock(
  engine: Engine,
  instance: Instance,
  session: HostSession | undefined,
): Promise<FileStates> {
  const { outputs } = engine.declarations(instance)
  if (outputs.length === 0) return {}
  const states = session ? await session.digest(outputs) : await localStates(engine, outputs)
  const made = Object.keys(states)
  const missing = outputs.find((pattern) => !pattern.startsWith('!') && !made.some(engine.matches(pattern)))
  if (missing !== undefined) throw new Failed({ kind: 'output-not-made', path: missing })
  return states
}

async function localStates({ finder, digests }: Engine, patterns: string[]): Promise<FileStates> {
  const { paths } = finder.outputs(patterns)
  await digests.prepare(paths)
  return Object.fromEntries(
    paths.flatMap((path) => {
      const state = digests.state(path)
      return state ? [[path, state]] : []
    }),
  )
}

async function bringHome(
  engine: Engine,
  instance: Instance,
  session: HostSession,
  tools: Tools,
): Promise<FileStates | undefined> {
  const { files, into } = engine.declarations(instance).collect
  if (files.length === 0) return undefined
  const progress = (done: number, total: number) =>
    tools.emit({ type: 'task-progress', task: instance.id, done, total, unit: 'bytes' })
  await session.download(files, join(engine.workspace.root, into), progress, tools.signal)
  return localStates(
    engine,
    files.map((path) => collectedPath(into, path)),
  )
}

/** An input that is not what it was when the key was made: the result belongs to neither content. */
async function changedInput(
  engine: Engine,
  instance: Instance,
  before: Record<string, string>,
): Promise<string | undefined> {
  const after = await fileMarks(engine, instance)
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].find(
    (path) => before[path] !== after[path],
  )
}

/** Contents first, then the record that promises them. A cache that cannot be written costs a later run, not this one. */
async function keep(
  engine: Engine,
  instance: Instance,
  record: TaskRecord,
  session: HostSession | undefined,
  tools: Tools,
): Promise<void> {
  const { root } = engine.workspace
  try {
    for (const [path, file] of Object.entries((session ? record.collected : record.outputs) ?? {}))
      if ('digest' in file) engine.blobs.put(join(root, path), file.digest, file.size)
    if (!session) engine.records.save(instance.id, record)
  } catch (error) {
    tools.warn({
      kind: 'cache-fault',
      what: `the result of \`${instance.id}\` could not be kept`,
      detail: (error as Error).message,
    })
  }
  if (!session) return
  await session.writeReceipt(record)
  try {
    engine.records.save(instance.id, record)
  } catch (error) {
    tools.warn({
      kind: 'cache-fault',
      what: `the record of \`${instance.id}\` could not be kept`,
      detail: (error as Error).message,
    })
  }
}
