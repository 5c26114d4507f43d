import { existsSync, statSync, utimesSync } from 'node:fs'

/** Makes a file of the cache the most recently used one: the last to be removed when that grows too large. False where there is none that is ours. */
export function markUsed(path: string): boolean {
  if (!existsSync(path)) return false
  const now = new Date()
  try {
    utimesSync(path, now, now)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'EPERM', 'EACCES'].includes(code)) return false
    throw error
  }
}

/** The same, to the hour: what is used again and again is not written again and again. */
export function markUsedThisHour(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat && Date.now() - stat.mtimeMs > hour) markUsed(path)
}

const hour = 3_600_000
