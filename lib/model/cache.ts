/** What lies in the cache. `latest`: the names of each instance's latest record. `temporary`: half-written things.
 *  `foreign`: nothing that the engine has put there. */
export const sorts = [
  'blobs',
  'records',
  'latest',
  'logs',
  'downloads',
  'memory',
  'temporary',
  'foreign',
] as const

export type Sort = (typeof sorts)[number]

/** How much of the cache something takes. */
export interface Share {
  number: number
  /** In bytes. */
  size: number
  /** When the least recently used of it was used, in ms since the epoch; absent where there is none. */
  oldestUse?: number
}

export interface Usage {
  size: number
  sorts: Record<Sort, Share>
  /** The largest first. What several tasks have in common counts for each of them. */
  tasks: TaskUsage[]
  damagedRecords: number
  findings: FileFinding[]
}

export interface TaskUsage {
  task: string
  records: number
  /** Of the contents that its records refer to, in bytes. */
  size: number
  lastUse: number
}

export interface Removed {
  counts: Record<Sort, number>
  /** In bytes. */
  size: number
  findings: FileFinding[]
}

export interface Collected extends Removed {
  /** In bytes. */
  left: number
}

/** What is wrong with a file of the cache. Paths are absolute. Sentences for these are in `report/words/`. */
export type Finding =
  | FileFinding
  /** A record that refers to contents which are no longer there. */
  | { kind: 'contents-missing'; path: string; instance: string; missing: number }
  | { kind: 'foreign'; path: string }

/** `damaged`: it was removed. `inaccessible`: it can be neither looked at nor removed. */
export interface FileFinding {
  kind: 'damaged' | 'inaccessible'
  path: string
  problem: string
}
