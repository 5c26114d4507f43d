import { matcher } from '../inputs/find-files.ts'
import type { Signatures } from '../inputs/signatures.ts'
import type { Action, FileMark } from '../model/action.ts'
import { digestOfDownload } from '../model/download-digest.ts'
import type { FactValue } from '../model/host.ts'
import type { Instance } from '../model/instance.ts'
import { type Made, marksOf, mergedMarks } from '../model/made.ts'
import { definitionOf } from './definition-of.ts'
import type { Engine } from './engine.ts'

export interface Surroundings {
  platform: string
  facts: Record<string, FactValue>
  /** Marks of its input files. */
  files: Record<string, FileMark>
  /** Absent for instances of which nobody knows yet. */
  made(instance: Instance): Made | undefined
}

/** What the instance would do now: its action, and the needed instances that it cannot be told without. */
export async function presentAction(
  engine: Engine,
  instance: Instance,
  { platform, facts, files, made }: Surroundings,
): Promise<{ action: Action; unknown: string[] }> {
  const { task, needs } = instance
  const declared = engine.declarations(instance)
  const unknown = new Set<string>()
  const needed = new Map<string, Action['needs'][string]>()
  for (const { need, instances } of needs) {
    const known = instances.map((one) => ({ one, made: made(one) }))
    for (const { one, made } of known) if (!made) unknown.add(one.id)
    const marks = mergedMarks(
      known.flatMap(({ made }) => made ?? []),
      need.only ? matcher(need.only) : () => true,
    )
    needed.set(need.task.name, { ...needed.get(need.task.name), ...marks })
  }
  const action: Action = {
    schema: 1,
    task: task.name,
    definition: await definitionOf(engine, task),
    platform,
    files,
    env: Object.fromEntries(declared.env.map((name) => [name, process.env[name] ?? null])),
    values: declared.values,
    facts,
    downloads: Object.fromEntries(
      declared.downloads.map((download) => [download.name, digestOfDownload(download)]),
    ),
    needs: Object.fromEntries(needed),
    outputs: [
      ...declared.outputs,
      ...declared.collect.files.map((path) => `${path} → ${declared.collect.into}`),
    ].sort(),
  }
  return { action, unknown: [...unknown] }
}

/** Marks of input files that have just been looked at. */
export async function fileMarks({ digests }: Engine, inputs: Signatures): Promise<Record<string, FileMark>> {
  return marksOf(await digests.states(inputs))
}
