import { endProcesses } from '../local/end-processes.ts'
import type { DeadHolder } from '../local/lock.ts'
import { entryOf } from '../local/origin.ts'
import { findProcesses } from '../local/processes.ts'
import type { Warning } from '../model/event.ts'

/**
 * Ends what a killed run has started: it could still write where this run is about to. Where its lock does not tell which
 * run it was, that is all that runs of this workspace have started.
 */
export async function endLeftovers(
  { pid, run }: DeadHolder,
  root: string,
  warn: (warning: Warning) => void,
): Promise<void> {
  const entry = run === null ? entryOf.workspace({ root }) : entryOf.run({ run })
  const ended = await endProcesses(() => findProcesses(entry))
  if (ended.length > 0) warn({ kind: 'leftovers-ended', pids: ended.map(({ pid }) => pid) })
  else if (run === null) warn({ kind: 'lock-taken-over', pid, detail: 'it cannot be read' })
  else warn({ kind: 'lock-taken-over', pid, detail: 'that run did not end in order' })
}
