import { endProcesses } from '../local/end-processes.ts'
import type { Unended } from '../local/lock-claim.ts'
import { entryOf } from '../local/origin.ts'
import { findProcesses } from '../local/processes.ts'
import type { Warning } from '../model/event.ts'
import type { RunLock } from './lock.ts'

/** Ends what runs that died have started: it could still write where this run is about to. */
export async function endLeftovers(
  lock: Pick<RunLock, 'left' | 'unended' | 'settle'>,
  root: string,
  warn: (warning: Warning) => void,
): Promise<void> {
  const entries = entriesOf(lock.unended, root)
  if (entries.length === 0) return
  const ended = await endProcesses(() => findProcesses(...entries))
  lock.settle()
  const pid = lock.left?.pid
  if (ended.length > 0) warn({ kind: 'leftovers-ended', pids: ended.map(({ pid }) => pid) })
  else if (pid === null) warn({ kind: 'lock-taken-over', pid, detail: 'it cannot be read' })
  else if (pid) warn({ kind: 'lock-taken-over', pid, detail: 'that run did not end in order' })
}

/** Where nobody knows which runs died: of all that runs of this workspace have started. */
function entriesOf(unended: Unended, root: string): string[] {
  return unended === 'all' ? [entryOf.workspace({ root })] : unended.map((run) => entryOf.run({ run }))
}
