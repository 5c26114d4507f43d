import type { Action } from './action.ts'
import type { Digest } from './digest.ts'
import type { FileStates } from './file-state.ts'
import type { Reason } from './reason.ts'

/** What an action made the last time it ran. The same shape is a receipt when it lies on a host. */
export interface TaskRecord {
  schema: 1
  task: string
  key: Digest
  action: Action
  /** What stands where the task ran: in the workspace, or on the host. */
  outputs: FileStates
  /** Files that a remote task brought home, from the workspace's root. */
  collected?: FileStates
  /** The end of what the task printed, if it printed anything, among the blobs of the machine that it was run from. */
  log?: Digest
  reasons: Reason[]
  durationMs: number
  /** ISO 8601, UTC. For people; no decision reads it. */
  finishedAt: string
}
