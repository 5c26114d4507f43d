import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What lies in a folder: a line for each path, with size and time of change.
 * @param depth how many levels down; folders at the last one are named only
 */
export async function listing(folder: string, { depth = Number.POSITIVE_INFINITY } = {}): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).sort()
  const lines = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const stat = await lstat(path).catch(() => undefined)
      if (!stat) return []
      if (!stat.isDirectory()) return [depth === 1 ? path : `${path} ${stat.size} ${stat.mtimeMs}`]
      return [`${path}/`, ...(depth > 1 ? await listing(path, { depth: depth - 1 }) : [])]
    }),
  )
  return lines.flat()
}
