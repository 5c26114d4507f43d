import type { Signatures } from '../inputs/signatures.ts'
import { digestOfDownload } from '../model/download-digest.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import type { MadeBy } from '../model/made.ts'
import { definitionOf } from './definition-of.ts'
import type { Engine } from './engine.ts'
import { digestOfMade } from './made-later.ts'

/** An instance as it looks to whoever is about to judge it. */
export interface Look {
  /** The outside of its input files; absent where a survey saw that they are as they were when it was up to date. */
  inputs?: Signatures
  /** All else that decides its key; absent where hosts have to be asked, or nobody knows what a need has made. */
  others?: string | undefined
}

export async function lookAtInstance(
  engine: Engine,
  instance: Instance,
  madeBy: MadeBy,
): Promise<Look & { inputs: Signatures }> {
  const inputs = inputSignatures(engine, instance)
  // Otherwise it would depend on who comes first what is known.
  await definitionOf(engine, instance.task)
  return { inputs, others: decidingOthers(engine, instance, madeBy) }
}

/** The outside of an instance's input files. */
export function inputSignatures({ digests, finder, declarations }: Engine, instance: Instance): Signatures {
  return digests.signatures(finder.inputs(declarations(instance).files).paths)
}

/** All but input files that decides the instance's key; undefined where that is not enough to tell that it is up to date. */
export function decidingOthers(engine: Engine, instance: Instance, madeBy: MadeBy): string | undefined {
  const { task, host, needs } = instance
  const { noCache, rebuild, verify } = engine.options
  if (host || task.always || task.probe || noCache || verify === 'full' || rebuild?.includes(task.name))
    return undefined
  const { env, values, facts, downloads, outputs } = engine.declarations(instance)
  if (Object.keys(facts).length > 0) return undefined
  const definition = engine.definitions.known(fileOf(task))
  if (definition === undefined) return undefined
  const made: unknown[] = []
  for (const { need, instances } of needs) {
    made.push(need.task.name, need.only)
    for (const one of instances) {
      const its = madeBy(one)
      if (!its) return undefined
      made.push(digestOfMade(its))
    }
  }
  return JSON.stringify([
    process.platform,
    process.arch,
    definition,
    env.map((name) => [name, process.env[name]]),
    values,
    downloads.map((download) => [download.name, digestOfDownload(download)]),
    outputs,
    made,
  ])
}
