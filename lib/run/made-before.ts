import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import type { Engine } from './engine.ts'
import { madeOf } from './outcome.ts'

/** What needed instances made that are not part of this run (`--only`, `--limit`): as last recorded, hosts asked for theirs. */
export async function madeBefore({
  instances,
  records,
  workspace,
}: Engine): Promise<ReadonlyMap<Instance, Made>> {
  const running = new Set(instances)
  const needed = new Set(
    instances
      .flatMap(({ needs }) => needs.flatMap(({ instances }) => instances))
      .filter((one) => !running.has(one)),
  )
  const found = await Promise.all(
    [...needed].map(async (instance): Promise<[Instance, Made][]> => {
      const record = instance.host ? await receipt(workspace.fleet, instance) : records.latest(instance.id)
      return record ? [[instance, madeOf(record)]] : []
    }),
  )
  return new Map(found.flat())
}

async function receipt(fleet: Engine['workspace']['fleet'], { host, task }: Instance) {
  try {
    const session = await fleet.session(host!)
    return (await session.check({ task: task.name, facts: {}, verify: 'fast' })).receipt
  } catch {
    return undefined // unreachable: as unknown as if it had never run
  }
}
