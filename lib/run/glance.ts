import { fingerprint, type Signatures } from '../inputs/signatures.ts'
import { digestOfDownload } from '../model/download-digest.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import type { MadeBy } from '../model/made.ts'
import { definitionOf } from './definition-of.ts'
import type { Engine } from './engine.ts'
import type { Glance, Print } from './glances.ts'
import { digestOfMade } from './made-later.ts'

/** What an instance looks like from outside, for whoever is about to judge it. */
export interface Look {
  inputs: Signatures
  /** Absent where more is needed: hosts have to be asked, or nobody knows what a need has made. */
  glance: Glance | undefined
}

export async function lookAtInstance(engine: Engine, instance: Instance, madeBy: MadeBy): Promise<Look> {
  const inputs = inputSignatures(engine, instance)
  // Otherwise it would depend on who comes first whether a glance tells anything.
  await definitionOf(engine, instance.task)
  const others = decidingOthers(engine, instance, madeBy)
  const glance = others === undefined ? undefined : glanceOf(engine, instance, inputs, others)
  return { inputs, glance }
}

/** The same at once, where a glance may be enough. */
export function glimpseOf(engine: Engine, instance: Instance, madeBy: MadeBy): Look | undefined {
  try {
    const others = decidingOthers(engine, instance, madeBy)
    if (others === undefined) return undefined
    const inputs = inputSignatures(engine, instance)
    return { inputs, glance: glanceOf(engine, instance, inputs, others) }
  } catch {
    return undefined // whoever reads the files says what is wrong with them
  }
}

function glanceOf(
  engine: Engine,
  instance: Instance,
  inputs: Signatures,
  others: string,
): Glance | undefined {
  const standing = standingAt(engine, instance)
  return (
    standing && { deciding: { text: fingerprint(inputs, others), settled: inputs.settled }, others, standing }
  )
}

/** The outside of an instance's input files. */
export function inputSignatures({ digests, finder, declarations }: Engine, instance: Instance): Signatures {
  return digests.signatures(finder.inputs(declarations(instance).files).paths)
}

/** What lies where an instance's outputs belong, from outside; undefined where that cannot be looked at. */
export function standingAt({ digests, finder, declarations }: Engine, instance: Instance): Print | undefined {
  try {
    const outputs = digests.signatures(finder.outputs(declarations(instance).outputs).paths)
    return { text: fingerprint(outputs), settled: outputs.settled }
  } catch {
    return undefined // whoever reads the files says what is wrong with them
  }
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
