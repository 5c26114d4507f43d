import type { Host } from '../model/host.ts'

/** What a workspace gives to `main` so that its graph can be tried without a cluster. */
export interface SandboxOptions<Config = unknown> {
  /** How many hosts of each role: `{ master: 1, slaves: 4 }`. */
  hosts: Record<string, number>
  /** Names of TCP ports to reserve on loopback when the sandbox is made; they stay the same until it is removed. */
  ports: string[]
  /** Absolute folder whose executables come first on every host's PATH. */
  standIns: string
  /** The rest of the cluster file, as the sandbox's cluster has it. */
  config(sandbox: SandboxFacts): Config | Promise<Config>
  /** Fills a new host's root folder. Runs once for each host. */
  furnish(host: Host, sandbox: SandboxFacts): Promise<void>
  /** Brings files of the sandbox up to date with the workspace. Runs whenever a sandbox is opened to be used. */
  prepare?(sandbox: SandboxFacts): Promise<void>
  /** Argument vectors of what must be running on a host before any task: started when not alive, ended by `sandbox down`. */
  services(host: Host, sandbox: SandboxFacts): SandboxService[]
}

export interface SandboxService {
  name: string
  argv: string[]
  env?: Record<string, string>
}

export interface SandboxFacts {
  /** Absolute path of the workspace. */
  root: string
  /** Absolute path of `.cache/sandbox`. */
  folder: string
  /** Port by name. */
  ports: Record<string, number>
}
