import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The entry of the workspace that a folder lies in: `tasks/index.ts` there, or in the nearest folder above. */
export function findEntry(folder: string): string | undefined {
  const entry = join(folder, 'tasks', 'index.ts')
  if (existsSync(entry)) return entry
  const above = dirname(folder)
  return above === folder ? undefined : findEntry(above)
}
