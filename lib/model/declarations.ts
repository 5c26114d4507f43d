import { posix } from 'node:path'
import { fileOf } from './graph.ts'
import type { FactSource, Hosts } from './host.ts'
import type { Instance } from './instance.ts'
import type { Json } from './json.ts'
import { normalPattern, patternProblem } from './pattern.ts'
import { UsageError } from './problem.ts'
import type { Download, Task, Where } from './task.ts'

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
}

export function declarationsOf(
  { task, host }: Pick<Instance, 'task' | 'host'>,
  config: unknown,
  hosts: Hosts,
): Declarations {
  const where = { config, host, hosts } as Where<unknown>
  const apply = (declared: any): any => (typeof declared === 'function' ? declared(where) : declared)
  const inputs = apply(task.inputs) ?? {}
  const collect = apply(task.collect)
  const declarations: Declarations = {
    files: apply(inputs.files) ?? [],
    env: apply(inputs.env) ?? [],
    values: apply(inputs.values) ?? {},
    facts: apply(inputs.facts) ?? {},
    secrets: apply(inputs.secrets) ?? [],
    downloads: apply(inputs.downloads) ?? [],
    outputs: apply(apply(task.outputs)?.files) ?? [],
    collect: { files: apply(collect?.files) ?? [], into: normalPattern(collect?.into ?? 'dist') },
  }
  return checked(task, declarations)
}

/** Where a collected file of the host lies at home, from the workspace's root. */
export function collectedPath(into: string, path: string): string {
  return posix.join(into, posix.basename(path))
}

/** Patterns, from the root, of what an instance leaves on the operator's machine. */
export function localOutputs(task: Task, { outputs, collect }: Declarations): string[] {
  return task.on ? collect.files.map((path) => collectedPath(collect.into, path)) : outputs
}

function checked(task: Task, declarations: Declarations): Declarations {
  const place = task.on ? 'host' : 'workspace'
  return {
    ...declarations,
    files: patterns(task, 'inputs.files', declarations.files, 'workspace'),
    outputs: patterns(task, 'outputs.files', declarations.outputs, place),
    collect: {
      ...declarations.collect,
      files: patterns(task, 'collect.files', declarations.collect.files, 'host'),
    },
  }
}

function patterns(task: Task, field: string, given: string[], place: 'workspace' | 'host'): string[] {
  for (const pattern of given) {
    const problem = patternProblem(pattern, place)
    if (problem)
      throw new UsageError({
        kind: 'bad-task',
        task: task.name,
        file: fileOf(task),
        field,
        problem: `${problem} (\`${String(pattern)}\`)`,
        advice: 'The declaration is a function: look at what it returns here.',
      })
  }
  return given.map(normalPattern)
}
