import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { copyFile } from '../disk/copy-file.ts'
import { giveWay } from '../disk/give-way.ts'
import { statIfThere } from '../disk/stat-if-there.ts'
import type { FileState, FileStates } from '../model/file-state.ts'
import type { Blobs } from './blobs.ts'
import type { CacheLayout } from './layout.ts'
import { removeEmptyFolders } from './remove-empty-folders.ts'
import { inFolder, temporaryPath } from './write-atomically.ts'

export interface Restoring {
  root: string
  layout: CacheLayout
  blobs: Blobs
  signal: AbortSignal
}

/** Puts recorded files back in place, and removes what else is among `present`. False, with nothing touched, unless
 *  every content is at hand and whole. Throws what it was aborted for. */
export async function restore(
  outputs: FileStates,
  present: string[],
  { root, layout, blobs, signal }: Restoring,
): Promise<boolean> {
  mkdirSync(layout.temporary, { recursive: true })
  const beginning = temporaryPath(layout.temporary, 'restore')
  const files = Object.entries(outputs).map(([path, file], index) => ({
    file,
    staged: `${beginning}.${index}`,
    place: join(root, path),
  }))
  try {
    for (const { file, staged } of files) {
      await giveWay(signal)
      if ('link' in file) symlinkSync(file.link, staged)
      else if (!(await blobs.take(file, staged))) return false
    }
    for (const path of present) rmSync(join(root, path), { force: true })
    for (const { file, staged, place } of files) await put(file, staged, place, signal)
    return true
  } finally {
    for (const { staged } of files) if (statIfThere(staged)) rmSync(staged, { force: true })
  }
}

async function put(file: FileState, staged: string, place: string, signal: AbortSignal): Promise<void> {
  if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory()) removeEmptyFolders(place)
  try {
    inFolder(dirname(place), () => renameSync(staged, place), staged)
  } catch (error) {
    // The cache may lie on a disk of its own.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    if ('link' in file) return symlinkSync(file.link, place)
    await copyFile(staged, place, signal)
    chmodSync(place, statSync(staged).mode)
  }
}
