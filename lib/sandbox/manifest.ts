import { readFileSync } from 'node:fs'
import type { Layout } from './layout.ts'
import { writeWhole } from './write-whole.ts'

/** `sandbox.json`: written last, so what it names is whole. Without it nothing of the sandbox counts. */
export interface Manifest {
  schema: 1
  /** ISO 8601, UTC. For people. */
  created: string
  /** Reserved port by name. */
  ports: Record<string, number>
  /** Names of the hosts that are furnished. */
  hosts: string[]
}

/** Undefined when there is no sandbox, or none that this version can use. */
export function readManifest(layout: Layout): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(layout.manifest, 'utf8'))
    return isManifest(manifest) ? manifest : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export function writeManifest(layout: Layout, manifest: Manifest): void {
  writeWhole(layout.manifest, `${JSON.stringify(manifest, null, 2)}\n`)
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false
  const { schema, created, ports, hosts } = value as Partial<Manifest>
  return (
    schema === 1 &&
    typeof created === 'string' &&
    typeof ports === 'object' &&
    ports !== null &&
    Object.values(ports).every(Number.isInteger) &&
    Array.isArray(hosts) &&
    hosts.every((host) => typeof host === 'string')
  )
}
