import { type Instance, nameOnHost } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import type { Engine } from './engine.ts'
import { madeAtAGlance } from './glimpse.ts'
import { madeOf } from './outcome.ts'
import { skipped } from './skipped.ts'

/** What needed instances made that are not part of this run (`--only`, `--limit`): as last recorded, hosts asked for theirs. */
export async function madeBefore(engine: Engine): Promise<ReadonlyMap<Instance, Made>> {
  const running = new Set(engine.instances)
  const needed = new Set<Instance>()
  for (const { needs } of running)
    for (const { instances } of needs) for (const one of instances) if (!running.has(one)) needed.add(one)
  const found = await Promise.all(
    [...needed].map(async (instance): Promise<[Instance, Made][]> => {
      const made = await (instance.host ? madeThere(engine, instance) : madeHere(engine, instance))
      return made ? [[instance, made]] : []
    }),
  )
  return new Map(found.flat())
}

async function madeHere(engine: Engine, instance: Instance): Promise<Made | undefined> {
  const record = engine.records.latest(instance.id)
  return record ? madeOf(record) : madeAtAGlance(engine, instance)
}

/** As its host's receipt says now. */
export async function madeThere(engine: Engine, instance: Instance): Promise<Made | undefined> {
  const { host } = instance
  const nothing = skipped(engine, instance)?.made
  if (nothing) return nothing
  try {
    const session = await engine.workspace.fleet.session(host!)
    const { receipt } = await session.check({ task: nameOnHost(instance), facts: {}, verify: 'fast' })
    return receipt && madeOf(receipt)
  } catch {
    return undefined // unreachable: as unknown as if it had never run
  }
}
