import { cpSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FileStates } from '../model/file-state.ts'
import type { Blobs } from './blobs.ts'
import type { CacheLayout } from './layout.ts'
import { removeEmptyFolders } from './remove-empty-folders.ts'
import { temporaryPath } from './write-atomically.ts'

export interface Restoring {
  root: string
  layout: CacheLayout
  blobs: Blobs
}

/** Puts recorded files back in place, and removes what else is among `present`. False, with nothing touched, unless
 *  every content is at hand and whole. */
export function restore(outputs: FileStates, present: string[], { root, layout, blobs }: Restoring): boolean {
  mkdirSync(layout.temporary, { recursive: true })
  const beginning = temporaryPath(layout.temporary, 'restore')
  const files = Object.entries(outputs).map(([path, file], index) => ({
    file,
    staged: `${beginning}.${index}`,
    place: join(root, path),
  }))
  try {
    for (const { file, staged } of files)
      if ('link' in file) symlinkSync(file.link, staged)
      else if (!blobs.take(file.digest, staged, file.executable)) return false
    for (const path of present) rmSync(join(root, path), { force: true })
    for (const { staged, place } of files) put(staged, place)
    return true
  } finally {
    for (const { staged } of files) rmSync(staged, { force: true })
  }
}

function put(staged: string, place: string): void {
  if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory()) removeEmptyFolders(place)
  mkdirSync(dirname(place), { recursive: true })
  try {
    renameSync(staged, place)
  } catch (error) {
    // The cache may lie on a disk of its own.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    cpSync(staged, place, { verbatimSymlinks: true })
  }
}
