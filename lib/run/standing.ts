import { type FileState, type FileStates, sameFile } from '../model/file-state.ts'
import type { Engine } from './engine.ts'

export interface Standing {
  /** Files, from the root, that now lie where outputs belong. */
  present: string[]
  missing: string[]
  changed: string[]
}

/** Compares recorded files with what lies in the workspace now. Files that the record does not know count as changed. */
export async function standing(engine: Engine, patterns: string[], recorded: FileStates): Promise<Standing> {
  const { paths: present } = engine.finder.outputs(patterns)
  await engine.digests.prepare(present)
  const there = new Set(present)
  const missing = Object.keys(recorded).filter((path) => !there.has(path))
  const changed = present.filter((path) => !stands(engine, path, recorded[path]))
  return { present, missing, changed }
}

/** What cannot be read is not what was recorded. */
function stands({ digests }: Engine, path: string, recorded: FileState | undefined): boolean {
  try {
    return recorded !== undefined && sameFile(digests.state(path), recorded)
  } catch {
    return false
  }
}
