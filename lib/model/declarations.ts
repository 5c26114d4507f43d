import { posix } from 'node:path'
import { applier } from './apply-declaration.ts'
import { refuseContradictions } from './contradictions.ts'
import type { FactSource, Hosts } from './host.ts'
import type { Instance } from './instance.ts'
import type { Json } from './json.ts'
import { normalPattern } from './pattern.ts'
import { errorWithoutSecrets } from './secrets.ts'
import type { Download, Task } from './task.ts'

/** What an instance declares, with every function of `{ config, host, hosts }` applied. */
export interface Declarations {
  files: string[]
  env: string[]
  values: Record<string, Json>
  facts: Record<string, FactSource>
  secrets: string[]
  downloads: Download[]
  outputs: string[]
  collect: { files: string[]; into: string }
  /** Why there is nothing to do: then nothing else is declared. */
  skip?: string
}

/** A declaration that cannot be is a `UsageError`, whether it was written so or a function returned it. */
export function declarationsOf(
  instance: Pick<Instance, 'task' | 'host'>,
  config: unknown,
  hosts: Hosts,
): Declarations {
  const { task } = instance
  const apply = applier(instance, config, hosts)
  const skip = apply('skip', task.skip)
  if (skip !== undefined) return { ...nothing, skip }
  const inputs = apply('inputs', task.inputs) ?? {}
  const secrets: string[] = apply('inputs.secrets', inputs.secrets) ?? nothing.secrets
  try {
    const outputs = apply('outputs', task.outputs)
    const collect = apply('collect', task.collect)
    const declarations: Declarations = {
      files: normal(apply('inputs.files', inputs.files)),
      env: apply('inputs.env', inputs.env) ?? nothing.env,
      values: apply('inputs.values', inputs.values) ?? nothing.values,
      facts: apply('inputs.facts', inputs.facts) ?? nothing.facts,
      secrets,
      downloads: apply('inputs.downloads', inputs.downloads) ?? nothing.downloads,
      outputs: normal(apply('outputs.files', outputs?.files)),
      collect: collect
        ? {
            files: normal(apply('collect.files', collect.files)),
            into: normalPattern(collect.into ?? nothing.collect.into),
          }
        : nothing.collect,
    }
    refuseContradictions(task, declarations)
    return declarations
  } catch (error) {
    throw errorWithoutSecrets(error, secrets)
  }
}

const nothing: Declarations = {
  files: [],
  env: [],
  values: {},
  facts: {},
  secrets: [],
  downloads: [],
  outputs: [],
  collect: { files: [], into: 'dist' },
}

/** Where a collected file of the host lies at home, from the workspace's root. */
export function collectedPath(into: string, path: string): string {
  return posix.join(into, posix.basename(path))
}

/** Patterns, from the root, of what an instance leaves on the operator's machine. */
export function localOutputs(task: Task, { outputs, collect }: Declarations): string[] {
  return task.on ? collect.files.map((path) => collectedPath(collect.into, path)) : outputs
}

function normal(paths = nothing.files): string[] {
  if (paths.length < 2) return paths.map(normalPattern)
  return [...new Set(paths.map(normalPattern))]
}
