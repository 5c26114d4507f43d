import { setTimeout as sleep } from 'node:timers/promises'
import { openLog } from '../cache/logs.ts'
import { attempt } from './attempt.ts'
import { endOtherJobs, isForced, settleJobsOfFailure } from './jobs.ts'
import { secretsOf } from './secrets.ts'
import type { Step } from './step.ts'
import { taskOutput } from './task-output.ts'

/** Runs the author's function, again after a failure as often as `retries` says, each time with a time limit of its own. */
export async function attempts(step: Step): Promise<void> {
  const { engine, instance, tools } = step
  const { task, id } = instance
  const { session, key } = step.judgement
  const onFault = (fault: unknown) => engine.faults.tellOf(`the log of \`${id}\` could not be written`, fault)
  const log = openLog(engine.layout, id, onFault, session && !isForced(step) ? key : undefined)
  const output = taskOutput(log, secretsOf(engine, instance), (stream, text) =>
    tools.emit({ type: 'task-output', task: id, stream, text }),
  )
  const retries = task.retries ?? 0
  try {
    if (session) await endOtherJobs(step, session, output.write)
    for (let tried = 0; ; tried++) {
      try {
        return await attempt(step, output)
      } catch (error) {
        if (tried >= retries || tools.signal.aborted) throw error
        await settleJobsOfFailure(step, error)
        output.write('stderr', `Attempt ${tried + 1} of ${retries + 1} failed; trying again.\n`)
        await sleep(backoff(tried), undefined, { signal: tools.signal })
        tools.lock.assertHeld()
      }
    }
  } finally {
    output.end()
    log.close()
    if (log.isThere) tools.logged.add(instance)
  }
}

function backoff(tried: number): number {
  return Math.min(30_000, 500 * 2 ** tried) * (0.75 + Math.random() / 2)
}
