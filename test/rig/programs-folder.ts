import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/** What a small host has besides the programs that a test is about. */
const always =
  'sh bash cat wc mv cp rm mkdir touch chmod chown id ls awk tail head cut env find xargs tr stat sleep readlink df ' +
  'tar setsid ps printf uname true dirname grep sort'

/** A folder to be a host's whole PATH: a small system's programs and these. */
export function programsFolder(folder: string, ...more: string[]): string {
  mkdirSync(folder, { recursive: true })
  for (const name of [...always.split(' '), ...more]) symlinkSync(whereIs(name), join(folder, name))
  return folder
}

export function isInstalled(program: string): boolean {
  try {
    return whereIs(program) !== ''
  } catch {
    return false
  }
}

/** Of the system itself: what version managers put before it is a script that needs more. */
function whereIs(name: string): string {
  const env = { ...process.env, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { env, encoding: 'utf8' }).trim()
}
