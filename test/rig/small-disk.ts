import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { onTestFinished } from 'vitest'

export const isRoot = process.getuid?.() === 0

export interface DiskOptions {
  /** Bytes, rounded up to pages of 4 kB. */
  bytes?: number
  /** Files and folders, the disk's own included. */
  files?: number
  readOnly?: boolean
}

/** A disk of its own at a folder until the test ends. Only root can make one.
 *  @returns changes what it is */
export function smallDisk(folder: string, options: DiskOptions): (options: DiskOptions) => void {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', inWords(options), 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  return (changed) => void execFileSync('mount', ['-o', `remount,${inWords(changed)}`, folder])
}

function inWords({ bytes = 0, files = 0, readOnly = false }: DiskOptions): string {
  return `size=${bytes},nr_inodes=${files},${readOnly ? 'ro' : 'rw'}`
}
