import { setTimeout as sleep } from 'node:timers/promises'
import { openLog } from '../cache/logs.ts'
import { commandEnvironment } from '../local/environment.ts'
import { ProcessGroups } from '../local/process-groups.ts'
import { createShell } from '../local/shell.ts'
import { parseDuration } from '../model/duration.ts'
import { Failed, type Failure } from '../model/failure.ts'
import type { Task } from '../model/task.ts'
import { authorContext } from './author-context.ts'
import { makeRoom } from './make-room.ts'
import { whenNothingCanCome } from './nothing-to-come.ts'
import { secretsOf } from './secrets.ts'
import type { Step } from './step.ts'
import { type Stream, taskOutput } from './task-output.ts'

/** Runs the author's function, again after a failure as often as `retries` says, each time with a time limit of its own. */
export async function attempts(step: Step): Promise<void> {
  const { engine, instance, tools } = step
  const { task, id } = instance
  tools.logged.add(instance)
  const log = openLog(engine.layout, id, (fault) => {
    tools.logged.delete(instance)
    engine.faults.tellOf(`the log of \`${id}\` could not be written`, fault)
  })
  const output = taskOutput(log, secretsOf(engine, instance), (stream, text) =>
    tools.emit({ type: 'task-output', task: id, stream, text }),
  )
  const retries = task.retries ?? 0
  try {
    for (let tried = 0; ; tried++) {
      try {
        return await attempt(step, output.write)
      } catch (error) {
        if (tried >= retries || tools.signal.aborted) throw error
        output.write('stderr', `Attempt ${tried + 1} of ${retries + 1} failed; trying again.\n`)
        await sleep(backoff(tried), undefined, { signal: tools.signal })
      }
    }
  } finally {
    output.end()
    log.close()
  }
}

async function attempt(step: Step, onOutput: (stream: Stream, text: string) => void): Promise<void> {
  const { engine, instance, tools } = step
  const { task } = instance
  makeRoom(step)
  const origin = { root: engine.workspace.root, run: tools.run, task: instance.id }
  const groups = new ProcessGroups(origin)
  tools.live.add(groups)
  const limit = timeLimit(task)
  const signal = limit ? AbortSignal.any([tools.signal, limit]) : tools.signal
  const { env, secrets } = engine.declarations(instance)
  const environment = commandEnvironment([...env, ...secrets], origin)
  const shell = await createShell({ cwd: engine.workspace.root, env: environment, groups, signal, onOutput })
  const context = authorContext({ ...step, signal, $: shell.$, onOutput })
  const toItsEnd = async () => {
    await task.run(context)
    await shell.forgotten.settled()
  }
  try {
    await endedBy(signal, toItsEnd())
    await groups.endStragglers()
  } catch (error) {
    // Before the other commands are ended: they fail of that.
    const failure: Failure | undefined = limit?.aborted
      ? { kind: 'timed-out', after: task.timeout! }
      : shell.failureOf(error)
    await groups.end()
    if (tools.signal.aborted) throw tools.signal.reason
    throw failure ? new Failed(failure) : error
  } finally {
    tools.live.delete(groups)
  }
}

/** A function that does not listen to its signal, or waits for what never comes, is left behind. */
async function endedBy(signal: AbortSignal, running: Promise<void>): Promise<void> {
  let leave = (_error: unknown) => {}
  const left = new Promise<never>((_, reject) => {
    leave = reject
  })
  const abort = () => leave(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const canCome = whenNothingCanCome(() => leave(new Failed({ kind: 'stuck' })))
  try {
    await Promise.race([running, left])
  } finally {
    signal.removeEventListener('abort', abort)
    canCome()
  }
}

/** The timer does not keep the process alive. */
function timeLimit({ timeout }: Task): AbortSignal | undefined {
  const ms = timeout === undefined ? undefined : parseDuration(timeout)
  return ms === undefined ? undefined : AbortSignal.timeout(ms)
}

function backoff(tried: number): number {
  return Math.min(30_000, 500 * 2 ** tried) * (0.75 + Math.random() / 2)
}
