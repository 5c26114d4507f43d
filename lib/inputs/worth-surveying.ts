import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SurveyMemory } from './survey-memory.ts'

/** So many files are looked at sooner than anybody could be asked to do it. */
const few = 500

/**
 * The folders of which a quarter or more is wanted: files, and folders that are such themselves. None where few files are.
 * @param wanted how many files of each folder are, by its path from the root
 * @param before folders that are known to be such
 */
export function worthSurveying(
  root: string,
  wanted: ReadonlyMap<string, number>,
  before: ReadonlySet<string>,
): Pick<SurveyMemory, 'folders' | 'files'> {
  const inEach = new Map(wanted)
  const folders: string[] = []
  let files = 0
  for (const folder of deepestFirst(wanted.keys())) {
    if (!before.has(folder) && (inEach.get(folder) ?? 0) * 4 < entriesIn(join(root, folder))) continue
    folders.push(folder)
    files += wanted.get(folder) ?? 0
    const above = dirname(folder)
    inEach.set(above, (inEach.get(above) ?? 0) + 1)
  }
  return files < few ? { folders: [], files: 0 } : { folders, files }
}

/** Folders and those above them. */
function deepestFirst(folders: Iterable<string>): string[] {
  const all = new Set<string>(folders)
  for (const folder of all) all.add(dirname(folder))
  const depth = (folder: string) => (folder === '.' ? 0 : folder.split('/').length)
  return [...all].sort((a, b) => depth(b) - depth(a))
}

function entriesIn(folder: string): number {
  try {
    return readdirSync(folder).length
  } catch {
    return Infinity // it is gone, or cannot be read
  }
}
