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
  const staging = temporaryPath(layout.temporary, 'restore')
  mkdirSync(staging, { recursive: true })
  try {
    const files = Object.entries(outputs)
    for (const [index, [, file]] of files.entries()) {
      const staged = join(staging, String(index))
      if ('link' in file) symlinkSync(file.link, staged)
      else if (!blobs.take(file.digest, staged, file.executable)) return false
    }
    for (const path of present) rmSync(join(root, path), { force: true })
    for (const [index, [path]] of files.entries()) {
      const place = join(root, path)
      mkdirSync(dirname(place), { recursive: true })
      put(join(staging, String(index)), place)
    }
    return true
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function put(staged: string, place: string): void {
  if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory()) removeEmptyFolders(place)
  try {
    renameSync(staged, place)
  } catch (error) {
    // The cache may lie on a disk of its own.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    cpSync(staged, place, { verbatimSymlinks: true })
  }
}
