import { existsSync, rmSync } from 'node:fs'
import { endProcesses } from '../local/end-processes.ts'
import { findProcesses, type LivingProcess } from '../local/processes.ts'
import { markersOf } from './environment.ts'
import { layoutOf } from './layout.ts'
import { readManifest } from './manifest.ts'
import { withStartLock } from './start-lock.ts'

/** How long what runs in the sandbox may take to end in order. */
const graceMs = 3000

export interface SandboxEnded {
  folder: string
  /** Services, and what tasks started. */
  ended: LivingProcess[]
  /** True when hosts, keys and ports were deleted too. */
  removed: boolean
}

/** Ends every process of a workspace's sandbox, in order or by force; `remove` deletes its hosts as well. */
export async function sandboxDown({
  root,
  remove,
}: {
  root: string
  remove: boolean
}): Promise<SandboxEnded> {
  const layout = layoutOf(root)
  const { folder } = layout
  if (!existsSync(folder)) return { folder, ended: [], removed: false }
  return withStartLock(layout.lock, async () => {
    const markers = markersOf(layout, readManifest(layout)?.hosts ?? [])
    const ended = await endProcesses(() => findProcesses(...markers), graceMs)
    if (remove) rmSync(folder, { recursive: true, force: true })
    return { folder, ended, removed: remove }
  })
}
