import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { CacheLayout } from './layout.ts'

/** How much of a log is kept with the record, to be shown again when the result is restored. */
const keptBytes = 1024 * 1024

/** Path of an instance's last log, from the workspace's root. */
export function logPath(layout: CacheLayout, instance: string): string {
  return relative(dirname(layout.folder), logFile(layout, instance))
}

export interface Log {
  write(text: string | Buffer): void
  close(): void
}

/** Opens an instance's log anew. What is written is on its way to the disk at once, so that no task can print faster than
 *  memory lasts. A log that cannot be written is told once, and the run goes on without it. */
export function openLog(layout: CacheLayout, instance: string, onFault: (error: unknown) => void): Log {
  let file: number | undefined
  const close = () => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  const attempt = (act: () => void) => {
    try {
      act()
    } catch (error) {
      close()
      onFault(error)
    }
  }
  attempt(() => {
    file = openAnew(layout, logFile(layout, instance))
  })
  return {
    write: (text) => attempt(() => file !== undefined && writeFileSync(file, text)),
    close,
  }
}

function openAnew({ logs }: CacheLayout, path: string): number {
  try {
    return openSync(path, 'w', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(logs, { recursive: true })
    return openSync(path, 'w', 0o600)
  }
}

/** The end of an instance's last log, cut at a line. */
export function readLogEnd(layout: CacheLayout, instance: string): Buffer {
  const file = openSync(logFile(layout, instance), 'r')
  try {
    const { size } = fstatSync(file)
    const end = Buffer.alloc(Math.min(size, keptBytes))
    readSync(file, end, 0, end.length, size - end.length)
    return size <= keptBytes ? end : end.subarray(end.indexOf('\n') + 1)
  } finally {
    closeSync(file)
  }
}

function logFile({ logs }: CacheLayout, instance: string): string {
  return join(logs, `${instance}.log`)
}
