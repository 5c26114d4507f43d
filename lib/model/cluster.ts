import type { Hosts } from './host.ts'

/** A cluster file, read and validated: the engine's part, and `config`, the workspace's. */
export interface Cluster<Config = unknown> {
  name: string
  hosts: Hosts
  ssh: SshOptions
  config: Config
}

export interface SshOptions {
  /** Path of a private key; `~` is expanded. */
  identity?: string
  knownHosts?: string
  /** Path of a private file: the password with which sudo lets the login user become root. */
  sudoPasswordFile?: string
  /** All settings are given: OpenSSH's configuration is not asked (the sandbox, which needs no OpenSSH). */
  standalone?: boolean
}
