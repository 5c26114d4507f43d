import { lstatSync, type Stats } from 'node:fs'

/** Undefined where nothing is, and where there can be nothing because a file is in the place of a folder. */
export function statIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}
