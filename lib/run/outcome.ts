import type { Digest } from '../model/digest.ts'
import { Failed, type Failure } from '../model/failure.ts'
import type { Made } from '../model/made.ts'
import { UsageError } from '../model/problem.ts'
import type { Reason } from '../model/reason.ts'
import type { TaskRecord } from '../model/record.ts'
import type { Status } from '../model/status.ts'

/** How one instance ended. */
export interface Outcome {
  status: Status
  reasons: Reason[]
  key?: Digest
  made?: Made
  failure?: Failure
  blockedBy?: string
}

/** The one place where what an instance threw becomes a value. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failed) return error.failure
  if (error instanceof UsageError && error.problem.kind === 'unusable-ssh') {
    const { host, problem, advice } = error.problem
    return { kind: 'refused', problem: `The SSH settings of \`${host}\` cannot be used: ${problem}.`, advice }
  }
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  return { kind: 'crash', message, ...(stack !== undefined && { stack }) }
}

export function madeOf({ outputs, collected }: TaskRecord): Made {
  return { outputs, collected: collected ?? {} }
}
