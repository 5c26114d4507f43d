import type { Host } from '../model/host.ts'
import type { Layout } from './layout.ts'
import { layoutOf, sandboxUser } from './layout.ts'
import type { SandboxFacts, SandboxOptions } from './options.ts'

/** The sandbox that a workspace wants, whether it stands already or not. */
export interface Plan {
  /** Absolute path of the workspace. */
  root: string
  layout: Layout
  options: SandboxOptions
  /** Without ports: those are known once the hosts are served. */
  hosts: Host[]
}

export function planOf(root: string, options: SandboxOptions): Plan {
  const layout = layoutOf(root)
  const hosts = Object.entries(options.hosts).flatMap(([role, count]) =>
    namesOf(role, count).map((name) => ({
      name,
      role,
      address: '127.0.0.1',
      user: sandboxUser(),
      root: layout.hostRoot(name),
    })),
  )
  return { root, layout, options, hosts }
}

/** What the workspace is told. A port that is not reserved yet is left out: only a look can see that. */
export function factsOf({ root, layout, options }: Plan, reserved: Record<string, number>): SandboxFacts {
  const known = options.ports.flatMap((name) =>
    reserved[name] === undefined ? [] : [[name, reserved[name]]],
  )
  const ports: Record<string, number> = Object.fromEntries(known)
  return { root, folder: layout.folder, ports }
}

/** As in a cluster file: `master` for a role of one; `slave-1`, `slave-2` for `slaves`. */
function namesOf(role: string, count: number): string[] {
  if (count === 1 && !role.endsWith('s')) return [role]
  const one = role.replace(/s$/, '')
  return Array.from({ length: count }, (_, index) => `${one}-${index + 1}`)
}
