import { Failed, isOutOfReach } from '../model/failure.ts'
import type { Step } from './step.ts'
import type { Stream } from './task-output.ts'

/**
 * Before a task is at work on its host: ends the jobs there that an earlier run has left. Those of the same action go
 * on, and are followed, unless this run is to do everything anew.
 */
export async function endOtherJobs(
  { instance, judgement: { session, key, decision } }: Step,
  onOutput: (stream: Stream, text: string) => void,
): Promise<void> {
  const isForced = decision.do === 'run' && decision.reasons.some(({ kind }) => kind === 'forced')
  await session?.endJobs({ task: instance.task.name, ...(!isForced && { except: key }), onOutput })
}

/** Does what may run jobs, and settles them at its end. */
export async function settlingJobs<T>(step: Step, work: () => Promise<T>): Promise<T> {
  const { instance, judgement } = step
  try {
    const result = await work()
    await judgement.session?.settleJobs(instance.task.name)
    return result
  } catch (error) {
    await settleJobsOfFailure(step, error)
    throw error
  }
}

/** What failed begins anew next time. What was interrupted goes on, and is taken up again: its jobs stay as they are. */
export async function settleJobsOfFailure(step: Step, error: unknown): Promise<void> {
  const { instance, judgement, tools } = step
  if (tools.signal.aborted || (error instanceof Failed && isOutOfReach(error.failure))) return
  // Of two failures the first one is told. Jobs that stay unsettled for it are settled when the next attempt ends.
  await judgement.session?.settleJobs(instance.task.name).catch(() => {})
}
