import { join } from 'node:path'
import { logPath } from '../cache/logs.ts'
import { listIfThere } from '../cache/records.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import type { Instance } from '../model/instance.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './outcome.ts'

/** By how many bytes a run that came to its end has let the cache grow, rather too many than too few: what was there already
 *  counts, too. */
export function addedToCache(
  engine: Engine,
  outcomes: ReadonlyMap<Instance, Outcome>,
  logged: ReadonlySet<Instance>,
): number {
  const { compiled, definitions, digests, entry, glances, survey } = engine.layout
  const parts = [digests, glances].flatMap((folder) => listIfThere(folder).map((part) => join(folder, part)))
  let added = sizeOf([compiled, definitions, entry, survey, ...parts])
  for (const [instance, outcome] of outcomes)
    if (outcome.status === 'ran' || outcome.status === 'failed')
      added += addedBy(engine, instance, outcome, logged.has(instance))
  return added
}

function addedBy(engine: Engine, instance: Instance, { key, made }: Outcome, isLogged: boolean): number {
  const { declarations, layout, records, workspace } = engine
  const { id, task } = instance
  if (declarations(instance).downloads.length > 0) return Infinity // nobody counts these
  const files = Object.values((task.on ? made?.collected : made?.outputs) ?? {})
  const contents = files.reduce((sum, file) => sum + ('size' in file ? file.size : 0), 0)
  const record = key ? sizeOf([records.pathOf(id, key)]) + latestSize : 0
  // The log is kept as a content, too.
  const log = isLogged ? 2 * sizeOf([join(workspace.root, logPath(layout, id))]) : 0
  return contents + record + log
}

/** A key and a line end. */
const latestSize = 65

function sizeOf(paths: string[]): number {
  return paths.reduce((sum, path) => sum + (statIfThere(path)?.size ?? 0), 0)
}
