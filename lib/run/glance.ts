import { digestOfDownload } from '../inputs/downloads.ts'
import { fingerprint, type Signatures } from '../inputs/signatures.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import type { MadeBy } from '../model/made.ts'
import type { Engine } from './engine.ts'
import type { Glance, Print } from './glances.ts'
import { digestOfMade } from './made-later.ts'

/**
 * Undefined where looking from outside is not enough: hosts have to be asked, or nobody knows what a need has made.
 * @param known the outside of the input files, where it was just looked at
 */
export function glanceAt(
  engine: Engine,
  instance: Instance,
  madeBy: MadeBy,
  known?: Signatures,
): Glance | undefined {
  try {
    const others = decidingOthers(engine, instance, madeBy)
    if (others === undefined) return undefined
    const inputs = known ?? inputSignatures(engine, instance)
    return {
      deciding: { text: fingerprint(inputs, others), settled: inputs.settled },
      standing: standingAt(engine, instance),
    }
  } catch {
    return undefined // whoever reads the files says what is wrong with them
  }
}

/** The outside of an instance's input files. */
export function inputSignatures({ digests, finder, declarations }: Engine, instance: Instance): Signatures {
  return digests.signatures(finder.inputs(declarations(instance).files).paths)
}

/** What lies where an instance's outputs belong, from outside. */
export function standingAt({ digests, finder, declarations }: Engine, instance: Instance): Print {
  const outputs = digests.signatures(finder.outputs(declarations(instance).outputs).paths)
  return { text: fingerprint(outputs), settled: outputs.settled }
}

/** All but input files that decides the instance's key. */
function decidingOthers(engine: Engine, instance: Instance, madeBy: MadeBy): string | undefined {
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
