import { inspect } from 'node:util'
import { fileFaultOf } from '../disk/file-fault-of.ts'
import type { Digest } from '../model/digest.ts'
import { Failed, type Failure } from '../model/failure.ts'
import type { Made } from '../model/made.ts'
import { ownFrames } from '../model/own-frames.ts'
import { UsageError } from '../model/problem.ts'
import type { Reason } from '../model/reason.ts'
import type { TaskRecord } from '../model/record.ts'
import { legible, said, shortened } from '../model/said.ts'
import type { Status } from '../model/status.ts'

/** How one instance ended. */
export interface Outcome {
  status: Status
  reasons: Reason[]
  key?: Digest
  made?: Made
  /** See `contentsOf`; absent where that is not enough to be up to date by, or nothing was recorded. */
  contents?: Digest | undefined
  failure?: Failure
  blockedBy?: string
}

/** The one place where what an instance threw becomes a value. `root`: the workspace's. */
export function failureOf(thrown: unknown, root: string): Failure {
  const error = legible(thrown)
  if (error instanceof Failed) return error.failure
  if (error instanceof UsageError && error.problem.kind === 'bad-task') return error.problem
  if (error instanceof UsageError && error.problem.kind === 'unusable-ssh') {
    const { host, problem, advice } = error.problem
    return { kind: 'refused', problem: `The SSH settings of \`${host}\` cannot be used: ${problem}.`, advice }
  }
  const fault = fileFaultOf(error, root)
  if (fault) return { kind: 'file-fault', ...fault }
  if (!(error instanceof Error))
    return { kind: 'crash', message: shortened(typeof error === 'string' ? error : inspect(error)) }
  const message = said(error) || 'one without words'
  const stack = ownFrames(String(error.stack), root)
  return { kind: 'crash', message, ...(stack !== undefined && { stack }) }
}

export function madeOf({ outputs, collected }: TaskRecord): Made {
  return { outputs, collected: collected ?? {} }
}
