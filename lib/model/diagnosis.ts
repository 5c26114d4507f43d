import type { Failure } from './failure.ts'
import type { HostExamination } from './host-session.ts'
import type { Problem } from './problem.ts'

/** One row of what `doctor` says. `bad`: a run would fail of it; `warn`: one may. */
export interface Diagnosis {
  /** Null: the operator's machine. */
  host: string | null
  check: string
  state: 'ok' | 'warn' | 'bad'
  finding: Finding
}

/** What is the matter, or is not. Sentences for these are in `report/words/`. */
export type Finding =
  | { kind: 'node'; version: string; least: string }
  /** Null: it is not installed. */
  | { kind: 'ssh'; version: string | null }
  /** Null: there is an agent, and it does not answer. */
  | { kind: 'agent'; keys: number | null }
  | { kind: 'program'; command: string; works: boolean }
  | { kind: 'disk'; path: string; free: number }
  | { kind: 'cluster'; name: string; hosts: number }
  | { kind: 'problem'; problem: Problem }
  | { kind: 'failure'; failure: Failure }
  /** A host of the sandbox, which the first run makes. */
  | { kind: 'absent' }
  | { kind: 'reached'; ms: number }
  | { kind: 'known-key' }
  | { kind: 'user'; user: string }
  | { kind: 'rights'; user: string; rights: HostExamination['rights']; path: string }
  | { kind: 'platform'; platform: string }
  | { kind: 'space'; disks: HostExamination['disks'] }
  | { kind: 'clock'; aheadMs: number; withinMs: number }
  | { kind: 'tools'; missing: string[] }
  | { kind: 'leftovers'; leftovers: HostExamination['leftovers'] }
  | { kind: 'jobs'; jobs: string[] }
