import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { CacheLayout } from './layout.ts'

/** Path of an instance's last log, from the workspace's root. */
export function logPath(layout: CacheLayout, instance: string): string {
  return join(relative(dirname(layout.folder), layout.logs), `${instance}.log`)
}

export interface Log {
  write(text: string): void
  close(): Promise<void>
}

/** Opens an instance's log anew. A log that cannot be written is told once, and the run goes on without it. */
export function openLog(layout: CacheLayout, instance: string, onFault: (error: Error) => void): Log {
  let stream: WriteStream | undefined
  const fault = (error: Error) => {
    if (stream) onFault(error)
    stream = undefined
  }
  mkdirSync(layout.logs, { recursive: true })
  stream = createWriteStream(join(layout.logs, `${instance}.log`), { mode: 0o600 }).on('error', fault)
  return {
    write: (text) => void stream?.write(text),
    close: () => new Promise((closed) => (stream ? stream.end(closed) : closed())),
  }
}
