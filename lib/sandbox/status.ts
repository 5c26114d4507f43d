import { findProcesses } from '../local/processes.ts'
import { hostMarkerOf, markersOf } from './environment.ts'
import { layoutOf } from './layout.ts'
import { readManifest } from './manifest.ts'

export interface SandboxStatus {
  exists: boolean
  folder: string
  hosts: { name: string; processes: { pid: number; command: string }[] }[]
  /** Reserved port by name. */
  ports: Record<string, number>
}

/** What stands and what runs. Changes nothing. */
export async function sandboxStatus({ root }: { root: string }): Promise<SandboxStatus> {
  const layout = layoutOf(root)
  const manifest = readManifest(layout)
  const running = manifest ? findProcesses(...markersOf(layout, manifest.hosts)) : []
  const processesOn = (marker: string) =>
    running.filter((found) => found.hasEnvironment(marker)).map(({ pid, command }) => ({ pid, command }))
  return {
    exists: manifest !== undefined,
    folder: layout.folder,
    hosts: (manifest?.hosts ?? []).map((name) => ({
      name,
      processes: processesOn(hostMarkerOf({ root: layout.hostRoot(name) })),
    })),
    ports: manifest?.ports ?? {},
  }
}
