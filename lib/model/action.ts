import type { Digest } from './digest.ts'
import { digestOf } from './digest.ts'
import type { FactValue } from './host.ts'
import type { Json } from './json.ts'
import { canonicalJson } from './json.ts'

/** What an input file contributes: `<digest>`, `<digest>+x` for an executable, `-> <target>` for a link. */
export type FileMark = string

/** Everything that decides an instance's result, and nothing else: no path of this machine, time, user or host name. */
export interface Action {
  schema: 1
  task: string
  /** Digest of the task's own code, see `inputs/definition.ts`. */
  definition: Digest
  /** `linux-x64` here; `debian-12-x86_64` on a host. */
  platform: string
  files: Record<string, FileMark>
  env: Record<string, string | null>
  values: Record<string, Json>
  facts: Record<string, FactValue>
  /** Digest by the name of the file that it is kept under. */
  downloads: Record<string, Digest>
  /** What each needed task made, by task and path: every distinct mark where many hosts made the same path. */
  needs: Record<string, Record<string, FileMark | FileMark[]>>
  /** Declared outputs, `collect` included. */
  outputs: string[]
}

export function keyOf(action: Action): Digest {
  return digestOf(canonicalJson(action))
}
