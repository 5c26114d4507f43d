import { existsSync, readFileSync } from 'node:fs'
import { readPublicKey } from './keys.ts'
import type { Layout } from './layout.ts'
import { writeWhole } from './write-whole.ts'

/** Hosts take whatever port is free, so each one's key is known for every port of loopback: all are the sandbox's own. */
export function ensureKnownHosts(layout: Layout, hosts: string[]): void {
  const lines = hosts.map((host) => `[127.0.0.1]:* ${readPublicKey(layout.hostKey(host))} ${host}\n`).join('')
  if (existsSync(layout.knownHosts) && readFileSync(layout.knownHosts, 'utf8') === lines) return
  writeWhole(layout.knownHosts, lines, 0o600)
}
