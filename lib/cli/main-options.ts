import type { ZodType } from 'zod'
import type { Hosts, Roles } from '../model/host.ts'
import type { Task } from '../model/task.ts'
import type { SandboxOptions } from '../sandbox/options.ts'

/** What a workspace's `tasks/index.ts` gives to `main`. Everything but `tasks` is optional. */
export interface MainOptions<Config = any> {
  tasks: Task<any>[]
  /**
   * Schema of the cluster file, less the engine's part (name, user, hosts, ssh), or what loads it: commands that look at no
   * cluster do without it, and start faster.
   */
  config?: ZodType<Config> | (() => Promise<ZodType<Config>>)
  roles?: Roles
  /** Capacity of each named pool, of which some task must be; pools of tasks that are not named here have one slot. */
  pools?: Record<string, number>
  /** Role whose one host keeps the lease of the cluster: only one run at a time changes its hosts. */
  lease?: string
  /** How large the cache may grow before what was least recently used is removed: `5GB`, `500MB`, `10GiB`. Default: 10 GB. */
  cache?: { maxSize?: string }
  /** What the tasks use that comes from elsewhere: `doctor` sees whether it is there. */
  doctor?(where: { config: Config }): Requirements
  /** One of `tasks`, with `always`, that goes through what must be true of the hosts: `status --deep` runs it. */
  deepCheck?: Task<any>
  /**
   * The host (its name, or a role of one host) from which large files come to the others, over their own network, unless
   * `--via` says otherwise. `none`, or nothing: this machine sends them to each.
   */
  via?(where: { config: Config; hosts: Hosts }): string | undefined
  sandbox?: SandboxOptions<Config>
  /** Where what a task started is to be seen: printed at the end of a run in which that task stands. */
  links?(where: { config: Config; hosts: Hosts }): Link[]
}

export interface Requirements {
  /** On this machine: commands that must succeed, by the program's name. */
  programs?: Record<string, string[]>
  /** On the hosts of a role: programs of the PATH; `curl|wget` stands for either. */
  tools?: Record<string, string[]>
}

export interface Link {
  task: string
  label: string
  url: string
}
