import { forgetHeard } from '../cache/heard.ts'
import { Failed, isOutOfReach } from '../model/failure.ts'
import type { HostSession } from '../model/host-session.ts'
import { nameOnHost } from '../model/instance.ts'
import type { Step } from './step.ts'
import type { Stream } from './task-output.ts'

/**
 * Before a task is at work on its host: ends the jobs there that an earlier run has left. Those of the same action go
 * on, and are followed, unless this run is to do everything anew.
 */
export async function endOtherJobs(
  step: Step,
  session: HostSession,
  onOutput: (stream: Stream, text: string) => void,
): Promise<void> {
  await session.endJobs({
    task: nameOnHost(step.instance),
    ...(!isForced(step) && { except: step.judgement.key }),
    onOutput,
  })
  step.tools.lock.assertHeld()
}

export function isForced({ judgement: { decision } }: Step): boolean {
  return decision.do === 'run' && decision.reasons.some(({ kind }) => kind === 'forced')
}

/** Does what may run jobs, and settles them at its end. */
export async function settlingJobs<T>(step: Step, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    await settle(step)
    return result
  } catch (error) {
    await settleJobsOfFailure(step, error)
    throw error
  }
}

/** What failed begins anew next time. What was interrupted goes on, and is taken up again: its jobs stay as they are. */
export async function settleJobsOfFailure(step: Step, error: unknown): Promise<void> {
  const { signal } = step.tools
  if (signal.aborted && signal.reason !== 'SIGHUP') return forget(step)
  if (signal.aborted || (error instanceof Failed && isOutOfReach(error.failure))) return
  // Of two failures the first one is told. Jobs that stay unsettled for it are settled when the next attempt ends.
  await settle(step).catch(() => {})
}

async function settle(step: Step): Promise<void> {
  const { instance, judgement } = step
  if (!judgement.session) return
  await judgement.session.settleJobs(nameOnHost(instance))
  forget(step)
}

function forget({ engine, instance: { id } }: Step): void {
  engine.faults.attempt(() => forgetHeard(engine.layout, id), `the log of \`${id}\` could not be closed`)
}
