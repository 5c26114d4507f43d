import type { Workload } from '../workload.ts'
import type { Layout } from '../workspace.ts'

/** A build tool: what it is told of a workload, how it is started, what it says that it did. */
export interface Tool {
  name: string
  comesFrom: Source
  layout: Layout
  /** Its files, by path from the workspace's root: they declare every task of the workload. */
  files(workload: Workload): Record<string, string>
  /** Builds everything, so many tasks at a time. */
  build(workload: Workload, jobs: number): string[]
  /** Says what tasks there are. */
  list?: string[]
  env?: Record<string, string>
  /** Whether it expects its workspace to be a git repository. */
  inGit?: boolean
  /** Where it keeps what it knows and made, outputs apart. */
  state: string[]
  /** Ends a daemon that it may have left behind. */
  stop?: string[]
  /** How many tasks it ran, by what it printed; undefined where it does not tell. */
  ran(printed: string): number | undefined
}

/** What gives a program: nothing, a Debian package, or a package of `test/bench/package.json`. */
export type Source = { checkout: true } | Program | { npm: string }

export interface Program {
  program: string
  debian: string
  /** How it is asked for its version: else by `--version`. */
  versionOption?: string
}

/** The number that a pattern's group finds in what was printed; undefined when it finds none. */
export function numberIn(printed: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(printed)?.[1]
  return found === undefined ? undefined : Number(found)
}

export function countIn(printed: string, pattern: RegExp): number {
  return printed.match(pattern)?.length ?? 0
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
