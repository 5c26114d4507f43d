import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import type { Engine } from './engine.ts'
import { madeAtAGlance } from './glimpse.ts'
import { madeOf } from './outcome.ts'

/** What needed instances made that are not part of this run (`--only`, `--limit`): as last recorded, hosts asked for theirs. */
export async function madeBefore(engine: Engine): Promise<ReadonlyMap<Instance, Made>> {
  const { instances } = engine
  const running = new Set(instances)
  const needed = new Set(
    instances
      .flatMap(({ needs }) => needs.flatMap(({ instances }) => instances))
      .filter((one) => !running.has(one)),
  )
  const found = await Promise.all(
    [...needed].map(async (instance): Promise<[Instance, Made][]> => {
      const made = instance.host ? await madeThere(engine, instance) : madeHere(engine, instance)
      return made ? [[instance, made]] : []
    }),
  )
  return new Map(found.flat())
}

function madeHere(engine: Engine, instance: Instance): Made | undefined {
  const record = engine.records.latest(instance.id)
  return record ? madeOf(record) : madeAtAGlance(engine, instance)
}

/** As its host's receipt says now. */
export async function madeThere({ workspace }: Engine, { host, task }: Instance): Promise<Made | undefined> {
  try {
    const session = await workspace.fleet.session(host!)
    const { receipt } = await session.check({ task: task.name, facts: {}, verify: 'fast' })
    return receipt && madeOf(receipt)
  } catch {
    return undefined // unreachable: as unknown as if it had never run
  }
}
