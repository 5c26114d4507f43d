import type { Digest } from './digest.ts'
import type { Failure } from './failure.ts'
import type { FileStates } from './file-state.ts'
import type { Host, Hosts } from './host.ts'
import type { Lease } from './lease.ts'
import type { TaskRecord } from './record.ts'

/** One connection to one host, for as long as a command lives. Everything it cannot do is thrown as `Failed`. */
export interface HostSession {
  readonly host: Host
  /** Read only: what an instance's decision needs to know of the host. All that is asked at once takes one round trip. */
  check(question: HostQuestion): Promise<HostAnswer>
  /**
   * One round trip, read only: what there is to know of a host before it is worked with. Undefined where it is yet to be made.
   * @param tools programs that must be there; `a|b` stands for either
   */
  examine(tools: string[]): Promise<HostExamination | undefined>
  /** @param options.writes it may change the host: refused where another run has taken the lease of ours */
  exec(argv: string[], options?: ExecOptions): Promise<ExecResult>
  /** Runs a script as a detached job, or follows the one that an earlier run left for the same key, and streams its output. */
  runScript(job: ScriptJob): Promise<void>
  /** Ends what still runs of a task's jobs. From then on, nothing that they did is taken as done. */
  endJobs(jobs: JobsToEnd): Promise<void>
  /** Once it is known how an attempt ended: nothing that the task's jobs did is taken as done any more. */
  settleJobs(task: string): Promise<void>
  read(path: string): Promise<Buffer>
  /** Puts files under `dir`, by their base names: atomically, verified, sending nothing that the host has by digest. */
  upload(
    files: LocalFile[],
    dir: string,
    progress: Progress,
    signal?: AbortSignal,
    offer?: Offer,
  ): Promise<void>
  /** Gives out files to other hosts, over their own network, until the session is closed. */
  offer(files: LocalFile[], progress: Progress, signal?: AbortSignal): Promise<Addresses>
  /** Brings files home under an absolute local folder, by their base names, atomically and verified. */
  download(paths: string[], dir: string, progress: Progress, signal?: AbortSignal): Promise<void>
  /** Expands absolute paths and globs on the host (a folder stands for all in it) and digests what they match. */
  digest(patterns: string[]): Promise<FileStates>
  writeReceipt(record: TaskRecord): Promise<void>
  /** Before a task runs: from then on nothing is known of what stands. */
  removeReceipt(task: string): Promise<void>
  close(): Promise<void>
}

export interface HostQuestion {
  /** The task whose receipt is asked for. Absent: facts only. */
  task?: string
  facts: Record<string, { file: string } | { command: string }>
  /** `fast` compares size, mtime, ctime and inode, and the digest where they differ; `full` always the digest. */
  verify: 'fast' | 'full'
}

export interface HostAnswer {
  /** Distribution, release and architecture: `debian-12-x86_64`. */
  platform: string
  facts: Record<string, string | null>
  /** Absent where there is none, or none that is whole and of a version that we know. */
  receipt?: TaskRecord
  /** Paths of the receipt's outputs that are not there, or not what it says. */
  missing: string[]
  changed: string[]
  /** A job of the task is at work, left by an earlier run or by another operator's. */
  running: boolean
}

export interface HostExamination {
  user: string
  /** With which a run would turn away from it: it was deployed to by another user. */
  refusal?: Failure
  /** How our folder there can be written: as root, by sudo without a password, by sudo with the one that
   *  was given, because it belongs to the user, not at all. */
  rights: 'root' | 'sudo' | 'password' | 'own' | 'none'
  /** Absolute path of our folder. */
  folder: string
  platform: string
  /** Where we write. `files`: how many more there is room for; null where the disk does not say. */
  disks: { path: string; free: number; files: number | null }[]
  /** How far its clock is ahead of ours, give or take `withinMs`. */
  aheadMs: number
  withinMs: number
  missing: string[]
  /** What transfers and runs that were killed have left, and no longer use. */
  leftovers: { path: string; size: number }[]
  /** Names of the jobs that are at work. */
  jobs: string[]
}

export interface ExecOptions {
  signal?: AbortSignal
  input?: string | Buffer
  writes?: boolean
}

export interface ExecResult {
  exitCode: number | null
  signal: string | null
  stdout: string
  stderr: string
}

export interface ScriptJob {
  task: string
  key: Digest
  /** The script to run, by its name among `files`. */
  script: string
  /** Every script that goes along: name under `remote-scripts/` → absolute local path. */
  files: Record<string, string>
  args: string[]
  /** Environment of the script, secrets included: it travels over stdin, never in a command line. */
  env: Record<string, string>
  /** How many times this attempt has run the same before. */
  nth: number
  signal: AbortSignal
  onOutput(stream: 'stdout' | 'stderr', text: string): void
  heard?: Heard
}

/** How much of the log of a job, by its id, was heard, in bytes: what is left there is followed from that on. */
export interface Heard {
  bytesOf(job: string): number
  note(job: string, bytes: number): void
}

export interface JobsToEnd {
  task: string
  /** Those of this key go on. */
  except?: Digest
  onOutput: ScriptJob['onOutput']
}

export interface LocalFile {
  path: string
  digest: Digest
  size: number
  executable: boolean
  /** Nobody but its owner may read it. */
  isPrivate?: true
}

/** Where a host can fetch files of these digests. Who knows an address can fetch the file. */
export type Addresses = Record<Digest, string>

/** Another way for files to come to a host. */
export interface Offer {
  addresses: Addresses
  /** Is told why the host could not take it: then it is sent everything. */
  bypassed(why: string): void
}

export type Progress = (done: number, total: number) => void

/** The hosts of a run and how to reach them. Sessions are opened when first asked for, and kept. */
export interface Fleet {
  readonly hosts: Hosts
  session(host: Host): Promise<HostSession>
  /** Kept when a host that is knocked at has not said a word for some seconds, where that can be told. It may be late. */
  silence?(host: Host): Promise<void>
  /** The lease of the cluster, which this host keeps. */
  lease(host: Host): Promise<Lease>
  close(): Promise<void>
}
