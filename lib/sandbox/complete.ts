import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { endProcesses } from '../local/end-processes.ts'
import { findProcesses } from '../local/processes.ts'
import type { Host } from '../model/host.ts'
import { markerOf } from './environment.ts'
import { furnishHost } from './furnish.ts'
import { ensureKnownHosts } from './known-hosts.ts'
import type { Layout } from './layout.ts'
import type { Manifest } from './manifest.ts'
import { readManifest, writeManifest } from './manifest.ts'
import type { SandboxFacts, SandboxOptions } from './options.ts'
import type { Plan } from './plan.ts'
import { factsOf } from './plan.ts'
import { reservePorts } from './ports.ts'

/** The manifest of a sandbox that has all that is planned; undefined when some of it is missing. */
export function completeManifest({ layout, options, hosts }: Plan): Manifest | undefined {
  const manifest = readManifest(layout)
  const isComplete =
    manifest &&
    options.ports.every((name) => name in manifest.ports) &&
    hosts.every((host) => standsWhole(host, layout, manifest))
  return isComplete ? manifest : undefined
}

/** True when the host is furnished and can be reached: an interrupted start leaves some that are not. */
export function standsWhole(host: Host, layout: Layout, manifest: Manifest): boolean {
  const keys = [layout.clientKey, layout.hostKey(host.name)].flatMap((key) => [key, `${key}.pub`])
  return (
    manifest.hosts.includes(host.name) &&
    [host.root, layout.knownHosts, ...keys].every((path) => existsSync(path))
  )
}

/**
 * Makes what is missing and leaves the rest as it is. The manifest comes last: whatever is interrupted is done again from
 * the start. The caller holds the start lock.
 */
export async function completeSandbox(plan: Plan): Promise<Manifest> {
  const { layout, options, hosts } = plan
  const { ensureKey } = await import('./keys.ts')
  const before = readManifest(layout) ?? (await startOver(layout))
  const ports = await reservePorts(options.ports, before.ports)
  const names = hosts.map(({ name }) => name)
  ensureKey(layout.clientKey, 'sandbox-client')
  for (const name of names) ensureKey(layout.hostKey(name), `sandbox-${name}`)
  ensureKnownHosts(layout, names)

  const missing = hosts.filter(({ name, root }) => !before.hosts.includes(name) || !existsSync(root))
  await furnishAll(missing, factsOf(plan, ports), options)
  const manifest = { ...before, ports, hosts: [...new Set([...before.hosts, ...names])] }
  writeManifest(layout, manifest)
  return manifest
}

/** Side by side; a failure is thrown only when the others are through: nothing works on behind the lock's back. */
async function furnishAll(hosts: Host[], facts: SandboxFacts, options: SandboxOptions): Promise<void> {
  const results = await Promise.allSettled(hosts.map((host) => furnishHost(host, facts, options)))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function startOver(layout: Layout): Promise<Manifest> {
  await endProcesses(() => findProcesses(markerOf(layout)), 1000)
  rmSync(dirname(layout.hostRoot('any')), { recursive: true, force: true })
  return { schema: 1, created: new Date().toISOString(), ports: {}, hosts: [] }
}
