import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whether files can be put at these paths: nothing but folders lies above them, as far as something lies there. */
export function hasRoom(root: string, paths: string[]): boolean {
  return [...new Set(paths.map(dirname))].every((folder) => isOrMayBeFolder(root, folder))
}

function isOrMayBeFolder(root: string, folder: string): boolean {
  try {
    const found = statSync(join(root, folder), { throwIfNoEntry: false })
    return found ? found.isDirectory() : isOrMayBeFolder(root, dirname(folder))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}
