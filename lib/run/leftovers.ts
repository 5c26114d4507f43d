import { runMarker } from '../local/environment.ts'
import { findMarkedProcesses } from '../local/marked-processes.ts'
import { endGroup } from '../local/process-groups.ts'
import type { HeldLock } from './lock.ts'
import type { Tools } from './tools.ts'

/** Ends what a killed run has started: it could still write where this run is about to. */
export async function endLeftovers(left: NonNullable<HeldLock['left']>, { warn }: Tools): Promise<void> {
  warn({ kind: 'lock-taken-over', pid: left.pid, detail: 'that run did not end in order' })
  const found = left.run === null ? [] : findMarkedProcesses(runMarker, left.run)
  if (found.length === 0) return
  await Promise.all([...new Set(found.map(({ group }) => group))].map(endGroup))
  warn({ kind: 'leftovers-ended', pids: found.map(({ pid }) => pid) })
}
