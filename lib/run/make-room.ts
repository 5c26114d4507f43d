import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { removeEmptyFolders } from '../cache/remove-empty-folders.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import { isGlob } from '../model/pattern.ts'
import type { Step } from './step.ts'

/** A clean build starts without outputs, so this one does, too. Their folders are there, as any build tool has them. */
export function makeRoom({ engine, instance: { task }, instance }: Step): void {
  const { root } = engine.workspace
  if (task.on) return
  const { outputs } = engine.declarations(instance)
  if (!task.keepOutputs) {
    for (const path of engine.finder.outputs(outputs).paths) rmSync(`${root}/${path}`, { force: true })
    for (const folder of ownFolders(outputs).map((folder) => `${root}/${folder}`))
      if (statIfThere(folder)) removeEmptyFolders(folder)
  }
  for (const pattern of outputs)
    if (!pattern.startsWith('!') && !isGlob(dirname(pattern))) makeFolder(`${root}/${dirname(pattern)}`)
}

function makeFolder(folder: string): void {
  // Most are there: to find that out by making them takes longer.
  if (!statIfThere(folder)?.isDirectory()) mkdirSync(folder, { recursive: true })
}

/** Folders in which nothing is but outputs: `build` of `build` and of `build/**`. */
function ownFolders(outputs: string[]): string[] {
  return outputs.map((pattern) => pattern.replace(/(\/\*\*)+(\/\*)?$/, '')).filter((folder) => folder !== '.')
}
