import type { FactValue } from '../model/host.ts'
import type { HostSession } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Reason } from '../model/reason.ts'
import { callAuthor } from './call-author.ts'
import type { Engine } from './engine.ts'
import { failureOf } from './outcome.ts'
import { remoteHost } from './remote-host.ts'
import { secretsOf, withoutSecrets } from './secrets.ts'

interface Probed {
  session: HostSession | undefined
  facts: Record<string, FactValue>
  outputs: string[]
  signal: AbortSignal
}

/** Asks the task itself whether what it started or installed still stands. A probe that cannot answer has found something. */
export async function probe(
  engine: Engine,
  instance: Instance,
  { session, facts, outputs, signal }: Probed,
): Promise<Reason[]> {
  const { workspace } = engine
  const { task, host } = instance
  if (!task.probe) return []
  const reader = session && host ? remoteHost({ session, facts, signal }) : (undefined as never)
  try {
    const { config, fleet } = workspace
    const context = { host: reader, config, hosts: fleet.hosts, facts, outputs, signal }
    return await callAuthor(() => task.probe!(context), signal)
  } catch (error) {
    signal.throwIfAborted()
    const failure = withoutSecrets(failureOf(error, workspace.root), secretsOf(engine, instance))
    return [{ kind: 'probe-threw', failure }]
  }
}
