import type { Failure } from './failure.ts'
import type { FileFault } from './file-fault.ts'

/** Why an instance runs, is restored, or cannot be judged. Sentences for these are in `report/words/`. */
export type Reason =
  | { kind: 'never-ran' }
  /** `from`: where this very content lay before. `executable`: nothing but the exec bit changed, to this. */
  | { kind: 'input-changed'; path: string; from?: string; executable?: boolean }
  | { kind: 'input-added'; path: string; from?: string }
  | { kind: 'input-removed'; path: string }
  /** `name` is the innermost place that differs: `flags.level`. Without `before` it was added, without `after` removed. */
  | { kind: 'value-changed'; name: string; before?: string; after?: string }
  /** Null: not set. */
  | { kind: 'env-changed'; name: string; before?: string | null; after?: string | null }
  | { kind: 'fact-changed'; name: string; before?: string; after?: string }
  /** A needed task made other bytes at `path`, or made it for the first time, or no longer.
   *  Without `path`, the task is newly needed or no longer needed. */
  | { kind: 'need-changed'; task: string; path?: string; change?: 'added' | 'removed' }
  /** The code of the task; with `outputs`, what it says that it makes. */
  | { kind: 'definition-changed'; outputs?: { added: string[]; removed: string[] } }
  | { kind: 'platform-changed'; before: string; after: string }
  /** `from`: the host that still has it, and from which it is brought home again. */
  | { kind: 'output-missing'; path: string; from?: string }
  /** `extra`: it lies among the outputs, and the task did not make it. */
  | { kind: 'output-changed'; path: string; extra?: boolean; from?: string }
  | { kind: 'receipt-missing' }
  | { kind: 'probe-failed'; detail: string }
  /** The probe had no answer. */
  | { kind: 'probe-threw'; failure: Failure }
  | { kind: 'forced' }
  | { kind: 'always' }
  /** There is nothing to do, for that reason. */
  | { kind: 'skipped'; why: string }
  /** Not judgeable before that task has run. */
  | { kind: 'waits-for'; task: string }
  | { kind: 'unreachable'; host: string; detail: string }
  /** Not judgeable while the system lets nobody look at that file. */
  | ({ kind: 'file-fault' } & FileFault)
