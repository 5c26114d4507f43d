import { attempt } from './attempt.ts'
import { type Holder, isAlive } from './lock-claim.ts'
import { entryOf, holderVariable } from './origin.ts'
import { findProcesses } from './processes.ts'

/** Another run of a workspace that lives, as commands of it say: for when no lock can tell. */
export function findRunAtWork(root: string): Holder | undefined {
  return findProcesses(entryOf.workspace({ root }))
    .map(({ environmentValue }) => environmentValue(holderVariable) ?? '')
    .map((value) => attempt((): Holder => JSON.parse(value)))
    .find((holder) => holder && holder.pid !== process.pid && isAlive(holder))
}
