import type { FactSource, FactValue, Host, Hosts } from './host.ts'
import type { Json } from './json.ts'
import type { Reason } from './reason.ts'
import type { Shell } from './shell.ts'

/** Where a declaration or a run happens: the cluster's configuration, this instance's host, all hosts by role. */
export interface Where<Config> {
  config: Config
  /** The host of this instance. Reading it in a task without `on` is an error. */
  host: Host
  hosts: Hosts
}

/** A declaration: a plain value, or a function of where the instance stands. */
export type Declared<T, Config> = T | ((where: Where<Config>) => T)

export interface Download {
  /** Where it is; or what finds that out, once it must be fetched. Neither enters a key. */
  url: string | (() => Promise<string>)
  /** Tried in turn, where the URL fails or has something else. */
  mirrors?: Download['url'][]
  /** Mandatory. `sha1` only where upstream published nothing stronger: it is accepted with a warning. */
  sha256?: string
  sha1?: string
  /** Path from the workspace's root or absolute: taken instead of the URL, and checked all the same. */
  file?: string
  /** Folder, alike, that is looked in for `name` before any address. */
  folder?: string
  /** The name that the downloaded file is kept under. */
  name: string
}

export interface Inputs<Config> {
  /** Paths and globs from the root; `!` excludes; a folder stands for all that is in it. */
  files?: Declared<string[], Config>
  env?: Declared<string[], Config>
  values?: Declared<Record<string, Json>, Config>
  facts?: Declared<Record<string, FactSource>, Config>
  /** Variables that commands see and keys never hold. */
  secrets?: Declared<string[], Config>
  downloads?: Declared<Download[], Config>
}

export interface TaskOptions<Config> {
  /** `import.meta.url`: whose content is the definition. */
  module: string
  name: string
  description: string
  needs?: (Task<Config> | Selection<Config>)[]
  /** Role or roles: one instance per host. Without it, the task runs on the operator's machine. */
  on?: string | string[]
  inputs?: Declared<Inputs<Config>, Config>
  /** From the root; on the host absolute (its root is put before). Globs are allowed. */
  outputs?: Declared<{ files: Declared<string[], Config> }, Config>
  /** Files of the host brought home as `<into>/<name>`; `into` defaults to `dist`. */
  collect?: Declared<{ files: Declared<string[], Config>; into?: string }, Config>
  pool?: string
  /** `90s`, `10m`, `2h`. */
  timeout?: string
  retries?: number
  keepOutputs?: boolean
  always?: boolean
  /** How many hosts may fail (`1`, `'25%'`) before what depends on this task is blocked. */
  tolerate?: number | `${number}%`
  /** A read-only check that what the task started or installed still stands. */
  probe?(context: ProbeContext<Config>): Promise<Reason[]>
  /** Why there is nothing to do on this host, as things are configured. Such an instance makes nothing, and asks its host nothing. */
  skip?(where: Where<Config>): string | undefined
  run(context: RunContext<Config>): Promise<void>
}

export interface Task<Config = any> extends TaskOptions<Config> {
  readonly kind: 'task'
}

/** A need for some of a task's outputs only: others may change without this task running again. */
export interface Selection<Config = any> {
  readonly kind: 'selection'
  task: Task<Config>
  only: string[]
}

export interface ProbeContext<Config> extends Where<Config> {
  host: RemoteHost
  /** Absolute path of the workspace. */
  root: string
  signal: AbortSignal
  facts: Record<string, FactValue>
  /** Output paths of the instance, from its record. */
  outputs: string[]
}

export interface RunContext<Config> extends Where<Config> {
  host: RemoteHost
  /** zx's `$`, bound to the root, the signal, the log and the declared environment. */
  $: Shell
  /** Absolute path of the workspace. */
  root: string
  signal: AbortSignal
  /** Everything is to be done anew (`--no-cache`, `--rebuild`): caches of the task's own count as little as ours. */
  fresh: boolean
  facts: Record<string, FactValue>
  /** Paths of what a needed task made, sorted: from the root, or absolute on the host. */
  outputs(task: Task<any>): string[]
  /** The same by host name, for a task on many hosts. */
  outputsByHost(task: Task<any>): Record<string, string[]>
  /** Fetches a declared download unless it is at hand: its absolute local path, verified. */
  download(name: string): Promise<string>
  log(line: string): void
  warn(text: string): void
  progress(done: number, total: number, unit?: string): void
}

export interface ScriptOptions {
  env?: Record<string, string>
  args?: string[]
}

/** What a remote task does on its host. Every failure is thrown as `Failed`. Paths are absolute, less the host's root. */
export interface RemoteHost extends Host {
  /** Runs `remote-scripts/<name>`, a declared input, as a detached job whose output is streamed to the log. */
  script(name: string, options?: ScriptOptions): Promise<void>
  /** Runs one command and gives its stdout; a non-zero exit is a failure. */
  exec(argv: string[]): Promise<string>
  /** Like `exec`, but the exit code is an answer. */
  ask(argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>
  read(path: string): Promise<Buffer>
  /** Puts local files (from the workspace's root or absolute) into a folder of the host, atomically, verified. */
  upload(files: string[], dir: string): Promise<void>
  /** Brings files of the host into a local folder (from the workspace's root). */
  download(paths: string[], dir: string): Promise<void>
  facts: Record<string, FactValue>
}
