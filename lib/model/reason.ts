/** Why an instance runs, is restored, or cannot be judged. Sentences for these are in `report/words/`. */
export type Reason =
  | { kind: 'never-ran' }
  | { kind: 'input-changed'; path: string }
  | { kind: 'input-added'; path: string }
  | { kind: 'input-removed'; path: string }
  | { kind: 'value-changed'; name: string; before: string; after: string }
  | { kind: 'env-changed'; name: string }
  | { kind: 'fact-changed'; name: string; before: string; after: string }
  /** A needed task made other bytes at `path`; without `path`, the task is newly needed or no longer needed. */
  | { kind: 'need-changed'; task: string; path?: string }
  | { kind: 'definition-changed' }
  | { kind: 'platform-changed'; before: string; after: string }
  | { kind: 'output-missing'; path: string }
  | { kind: 'output-changed'; path: string }
  | { kind: 'receipt-missing' }
  | { kind: 'probe-failed'; detail: string }
  | { kind: 'forced' }
  | { kind: 'always' }
  /** Not judgeable before that task has run. */
  | { kind: 'waits-for'; task: string }
  | { kind: 'unreachable'; host: string; detail: string }
