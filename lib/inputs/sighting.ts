import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What some folders looked like, in a form that goes from thread to thread. */
export interface Sighting {
  folders: string[]
  /** By folder, the names of what lies in it, separated by `/`. */
  names: string[]
  /** Size, mtime, ctime, inode and mode of one thing after the other. */
  numbers: Float64Array<ArrayBuffer>
}

/** Leaves out folders that cannot be looked at: whoever needs one says what is wrong with it. */
export function lookAtFolders(root: string, folders: string[]): Sighting {
  const seen: string[] = []
  const names: string[] = []
  const numbers: number[] = []
  for (const folder of folders)
    try {
      const those = readdirSync(join(root, folder))
      const outsides = those.map((name) => lstatSync(`${root}/${folder}/${name}`))
      for (const { size, mtimeMs, ctimeMs, ino, mode } of outsides)
        numbers.push(size, mtimeMs, ctimeMs, ino, mode)
      seen.push(folder)
      names.push(those.join('/'))
    } catch {}
  return { folders: seen, names, numbers: Float64Array.from(numbers) }
}
