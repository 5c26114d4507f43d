/** What is wrong with what the user or a task's author wrote. Sentences for these are in `report/words/`. Exit code 2. */
export type Problem =
  | { kind: 'no-such-target'; name: string; nearest: string[]; known: string[] }
  | { kind: 'no-such-host'; name: string; known: string[] }
  | { kind: 'no-targets'; known: string[] }
  | BadTask
  /** The same of `main()`. */
  | { kind: 'bad-main'; field: string; problem: string; advice: string }
  | { kind: 'duplicate-task'; task: string; files: string[] }
  | { kind: 'cycle'; tasks: string[] }
  /** A task's module uses what another one will only define later: they import each other. */
  | { kind: 'import-circle'; name: string; file: string }
  | { kind: 'missing-input'; task: string; path: string; file: string }
  | { kind: 'undeclared-need'; task: string; path: string; maker: string }
  | { kind: 'overlapping-outputs'; tasks: [string, string]; patterns: [string, string] }
  | { kind: 'bad-cluster-file'; file: string; issues: ClusterFileIssue[] }
  | { kind: 'no-cluster'; detail: string; advice: string }
  | { kind: 'bad-option'; option: string; problem: string; nearest?: string }
  | { kind: 'no-such-command'; name: string; nearest: string[]; known: string[]; isTarget: boolean }
  | { kind: 'no-command'; known: string[] }
  | { kind: 'too-many-arguments'; command: string; extra: string[] }
  | { kind: 'file-exists'; file: string; advice: string }
  | { kind: 'no-sandbox' }
  | { kind: 'locked'; pid: number; command: string; since: string }
  | { kind: 'unusable-ssh'; host: string; problem: string; advice: string }

/** A declaration of `task()` that cannot be. */
export interface BadTask {
  kind: 'bad-task'
  task: string
  /** The task's module. */
  file: string
  /** Empty for all of it. */
  field: string
  problem: string
  advice: string
}

export interface ClusterFileIssue {
  line?: number
  path: string
  problem: string
  nearest?: string
}

/** Ends a command before it starts anything: with exit code 2, or 3 when another run holds the lock. */
export class UsageError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.kind)
    this.problem = problem
  }
}
