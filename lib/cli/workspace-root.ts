import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The folder above `tasks/`, whatever the working directory is.
 * @param entry the program that was started: `tasks`, or a file in it
 */
export function workspaceRoot(entry: string): string {
  return dirname(tasksFolder(entry))
}

export function tasksFolder(entry: string): string {
  const real = realpathSync(entry)
  return statSync(real).isDirectory() ? real : dirname(real)
}
