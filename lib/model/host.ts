/** A host as tasks and reports see it. Names and addresses never enter a key. */
export interface Host {
  /** `master`, `slave-1`, or the `name` that the cluster file gives. */
  name: string
  role: string
  address: string
  port?: number
  user?: string
  /** Put before every absolute path on this host: empty on real hosts, a folder in the sandbox. */
  root: string
}

export type Hosts = Record<string, Host[]>

/** How many hosts a role has: the workspace's `main` says it, the cluster file fills it. */
export type Roles = Record<string, 'one' | 'many'>

/** A value to read from a host in its checking round trip: a file's content or a command's output, trimmed. */
export type FactSource = { role?: string } & ({ file: string } | { command: string })

/** `null`: no such file, or the command failed. Of a role with many hosts: the distinct values, sorted. */
export type FactValue = string | null | (string | null)[]
