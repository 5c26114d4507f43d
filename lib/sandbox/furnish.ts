import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endProcesses } from '../local/end-processes.ts'
import { findProcesses } from '../local/processes.ts'
import type { Host } from '../model/host.ts'
import { hostMarkerOf } from './environment.ts'
import { sandboxHome } from './layout.ts'
import type { SandboxFacts, SandboxOptions } from './options.ts'

/** Makes a host's root folder from nothing: what every host has, then what the workspace puts there. */
export async function furnishHost(host: Host, facts: SandboxFacts, options: SandboxOptions): Promise<void> {
  // What is there, or still runs there, was left half-done or belongs to a host that was removed by hand.
  await endProcesses(() => findProcesses(hostMarkerOf(host)), 1000)
  rmSync(host.root, { recursive: true, force: true })
  for (const folder of ['etc', 'run', 'tmp', 'var/lib', 'var/log', sandboxHome()])
    mkdirSync(join(host.root, folder), { recursive: true })
  writeFileSync(join(host.root, 'etc', 'os-release'), osRelease)
  writeFileSync(join(host.root, 'etc', 'machine-id'), `${randomBytes(16).toString('hex')}\n`)
  await options.furnish(host, facts)
}

const osRelease = `ID=sandbox
VERSION_ID=1
NAME="Sandbox"
PRETTY_NAME="Embedded sandbox, release 1"
`
