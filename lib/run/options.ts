import type { Survey } from '../inputs/survey.ts'
import type { Digest } from '../model/digest.ts'
import type { Event } from '../model/event.ts'
import type { Graph } from '../model/graph.ts'
import type { Host } from '../model/host.ts'
import type { Fleet } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Reason } from '../model/reason.ts'
import type { LookedStatus } from '../model/status.ts'

/** All that a run or a look works on. */
export interface Workspace {
  /** Absolute path of the folder above `tasks/`. */
  root: string
  graph: Graph
  config: unknown
  fleet: Fleet
  /** What no output may show, whatever its task declares. */
  secrets: string[]
  /** The host from which files come to the others; absent: they are sent to each. */
  via?: Host
  /** The host that keeps the lease of the cluster. */
  lease?: Host
  /** What was looked at while the program was loaded, which holds until anything is done. */
  survey?: Survey
  pools: Record<string, number>
  /** How large the cache may grow, in bytes. */
  cacheLimit: number
  /** When the tasks' modules began to be loaded, in ms since the epoch: code that was edited since is not what runs. */
  loadedAt: number
}

export interface RunOptions {
  targets: string[]
  noCache?: boolean
  /** Names of tasks to run whatever stands. */
  rebuild?: string[]
  keepGoing?: boolean
  /** Local tasks at a time; default: cores. */
  jobs?: number
  /** Hosts at a time; default 16. */
  forks?: number
  limit?: string[]
  only?: boolean
  verify?: 'fast' | 'full'
  /** Show what a task printed when its result is restored. */
  replay?: boolean
  /** Wait for another run's lock, and for its lease of the cluster, instead of failing. */
  wait?: boolean
}

export type Emit = (event: Event) => void

/** What `run --dry-run`, `why` and `status` say of one instance. */
export interface Looked {
  instance: Instance
  status: LookedStatus
  reasons: Reason[]
  key?: Digest
  /** When what stands, or would be restored, was made. */
  finishedAt?: string
  /** A job of it is at work on the host. */
  running?: true
}

/** Functions of `run/`:
 *  - `runTargets(workspace, options, emit, signal): Promise<RunEnd>` in `run/run.ts`
 *  - `lookAt(workspace, options, signal): Promise<Looked[]>` in `run/look.ts`: changes nothing anywhere
 *  The signal's reason is the name of the signal that came: 'SIGINT', 'SIGTERM', 'SIGHUP'. */
