import type { FactValue } from '../model/host.ts'
import type { HostSession } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Reason } from '../model/reason.ts'
import type { Engine } from './engine.ts'
import { remoteHost } from './remote-host.ts'

interface Probed {
  session: HostSession | undefined
  facts: Record<string, FactValue>
  outputs: string[]
  signal: AbortSignal
}

/** Asks the task itself whether what it started or installed still stands. A probe that cannot answer has found something. */
export async function probe(
  { workspace }: Engine,
  { task, host }: Instance,
  { session, facts, outputs, signal }: Probed,
): Promise<Reason[]> {
  if (!task.probe) return []
  const reader = session && host ? remoteHost({ session, facts, signal }) : (undefined as never)
  try {
    return await task.probe({
      host: reader,
      config: workspace.config,
      hosts: workspace.fleet.hosts,
      facts,
      outputs,
      signal,
    })
  } catch (error) {
    signal.throwIfAborted()
    return [{ kind: 'probe-failed', detail: error instanceof Error ? error.message : String(error) }]
  }
}
