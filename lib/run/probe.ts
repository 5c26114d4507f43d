import { badTask } from '../model/bad-task.ts'
import type { FactValue } from '../model/host.ts'
import type { HostSession } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Reason } from '../model/reason.ts'
import { reasons } from '../model/reason-shape.ts'
import { withoutSecrets } from '../model/secrets.ts'
import { joined } from '../model/shape.ts'
import type { ProbeContext } from '../model/task.ts'
import { callAuthor } from './call-author.ts'
import type { Engine } from './engine.ts'
import { failureOf } from './outcome.ts'
import { remoteHost } from './remote-host.ts'
import { secretsOf } from './secrets.ts'

interface Probed {
  session: HostSession | undefined
  facts: Record<string, FactValue>
  outputs: string[]
  signal: AbortSignal
}

/** Asks the task itself whether what it started or installed still stands. A probe that cannot answer has found something;
 *  one that answers what cannot be is refused. */
export async function probe(engine: Engine, instance: Instance, probed: Probed): Promise<Reason[]> {
  const { task } = instance
  if (!task.probe) return []
  const secrets = secretsOf(engine, instance)
  const call = () => task.probe!(contextOf(engine, instance, { ...probed, secrets }))
  let found: Reason[]
  try {
    found = await callAuthor(call, probed.signal)
  } catch (error) {
    probed.signal.throwIfAborted()
    const failure = withoutSecrets(failureOf(error, engine.workspace.root), secrets)
    return [{ kind: 'probe-threw', failure }]
  }
  const flaw = withoutSecrets(reasons(found), secrets)
  if (flaw) throw badTask(task, { advice, ...flaw, place: joined('probe', flaw.place) })
  return withoutSecrets(found, secrets)
}

const advice =
  "It returns `[]` where all is well, and otherwise reasons such as `[{ kind: 'probe-failed', detail: 'nobody answers' }]`."

function contextOf(
  { workspace: { root, config, fleet } }: Engine,
  { host }: Instance,
  { session, facts, outputs, signal, secrets }: Probed & { secrets: string[] },
): ProbeContext<unknown> {
  const reader = session && host ? remoteHost({ session, facts, signal, secrets }) : (undefined as never)
  return { host: reader, config, hosts: fleet.hosts, root, facts, outputs, signal }
}
