import { setMaxListeners } from 'node:events'
import { commandEnvironment } from '../local/environment.ts'
import { ProcessGroups } from '../local/process-groups.ts'
import { createShell } from '../local/shell.ts'
import { parseDuration } from '../model/duration.ts'
import { Failed, type Failure } from '../model/failure.ts'
import { legible } from '../model/said.ts'
import { withoutSecrets } from '../model/secrets.ts'
import type { Task } from '../model/task.ts'
import { authorContext } from './author-context.ts'
import { callAuthor } from './call-author.ts'
import { Errands } from './errands.ts'
import { makeRoom } from './make-room.ts'
import { failureOf } from './outcome.ts'
import { secretsOf } from './secrets.ts'
import type { Step } from './step.ts'
import type { Stream, TaskOutput } from './task-output.ts'

/** Why nothing of an attempt may begin any more. */
const ended = new DOMException('This attempt has ended.', 'AbortError')

/** Calls a task's `run` once, with a time limit of its own. However it ends, nothing that it left behind goes on. */
export async function attempt(step: Step, output: TaskOutput): Promise<void> {
  const { engine, instance, tools } = step
  const { task } = instance
  const { root } = engine.workspace
  makeRoom(step)
  const origin = { run: tools.run, task: instance.id }
  const groups = new ProcessGroups(origin)
  tools.live.add(groups)
  const over = new AbortController()
  const { signal } = over
  setMaxListeners(0, signal)
  // `AbortSignal.any`, or the listener's own `signal`, would do the same, and take much longer.
  const abortWithRun = () => over.abort(tools.signal.reason)
  if (tools.signal.aborted) abortWithRun()
  tools.signal.addEventListener('abort', abortWithRun)
  const limit = timeLimit(task)
  limit?.addEventListener('abort', () => over.abort(limit.reason), { signal })
  let isClosed = false
  const onOutput = (stream: Stream, text: string) => {
    if (!isClosed) output.write(stream, text)
  }
  const { env, secrets } = engine.declarations(instance)
  const environment = commandEnvironment(tools.environment, [...env, ...secrets], origin)
  const mayRun = () => {
    tools.lock.assertHeld()
    signal.throwIfAborted()
  }
  // A run that has taken the lock may have looked for our commands, to end them, just before there was this one.
  const onStart = () => tools.lock.look()
  const shell = await createShell({ cwd: root, env: environment, groups, mayRun, onStart, onOutput })
  const errands = new Errands(signal)
  const context = authorContext({ ...step, signal, $: shell.$, errands, onOutput, heard: output.heard })
  const toItsEnd = async () => {
    await task.run(context)
    await shell.forgotten.settled()
    await errands.settled()
  }
  const onLate = (error: unknown) => {
    if (!isAbortOf(signal, error)) warnOfLate(step, shell.failureOf(error) ?? failureOf(error, root))
  }
  try {
    await callAuthor(toItsEnd, signal, onLate).finally(() => over.abort(ended))
    await groups.endStragglers()
  } catch (error) {
    // Before the other commands are ended: they fail of that.
    const failure: Failure | undefined = limit?.aborted
      ? { kind: 'timed-out', after: task.timeout! }
      : shell.failureOf(error)
    await groups.end()
    await errands.settled()
    if (tools.signal.aborted) throw tools.signal.reason
    throw failure ? new Failed(failure) : error
  } finally {
    isClosed = true
    tools.signal.removeEventListener('abort', abortWithRun)
    tools.live.delete(groups)
  }
}

/** The timer does not keep the process alive. */
function timeLimit({ timeout }: Task): AbortSignal | undefined {
  const ms = timeout === undefined ? undefined : parseDuration(timeout)
  return ms === undefined ? undefined : AbortSignal.timeout(ms)
}

/** Whether it is what work is refused or ended with that came too late. */
function isAbortOf({ reason }: AbortSignal, thrown: unknown): boolean {
  const error = legible(thrown)
  return error === reason || (error instanceof Error && error.cause === reason)
}

function warnOfLate({ engine, instance, tools }: Step, failure: Failure): void {
  const shown = withoutSecrets(failure, secretsOf(engine, instance))
  tools.warn({ kind: 'failed-late', task: instance.id, failure: shown })
}
