import type { HostName } from '../rig/cluster/cluster.ts'

/** A workspace and the hosts that it deploys to, whatever these are made of. */
export interface Deployment {
  /** The workspace: a copy, which stories may edit. */
  root: string
  /** Options that every command needs to find the hosts. */
  options: string[]
  /** Runs a shell command on a host, with `ROOT` as remote scripts have it; gives its stdout. */
  shell(host: HostName, command: string): Promise<string>
  close(): Promise<void>
}
