import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, relative } from 'node:path'
import type { Digest } from '../model/digest.ts'
import { forgetHeard, readHeard, writeHeard } from './heard.ts'
import type { CacheLayout } from './layout.ts'

/** How much of a log is kept with the record, to be shown again when the result is restored. */
const keptBytes = 1024 * 1024

/** Path of an instance's last log, from the workspace's root. */
export function logPath(layout: CacheLayout, instance: string): string {
  return relative(dirname(layout.folder), logFile(layout, instance))
}

export interface Log {
  write(text: string | Buffer): void
  /** How much of the log of a job on a host it holds, in bytes. */
  heard(job: string): number
  /** By now, it holds so much of a job's log. */
  note(job: string, bytes: number): void
  close(): void
  /** False where nothing was written, or could be. */
  readonly isThere: boolean
}

/**
 * Begins an instance's log anew: there is none before something is written. That is on its way to the disk at once, so that
 * no task can print faster than memory lasts. A log that cannot be written is told once, and the run goes on without it.
 * @param key of an action whose log is gone on with where an earlier run has left it, with jobs on a host
 */
export function openLog(
  layout: CacheLayout,
  instance: string,
  onFault: (error: unknown) => void,
  key?: Digest,
): Log {
  const path = logFile(layout, instance)
  let file: number | undefined
  let isFaulty = false
  const attempt = (act: () => void) => {
    try {
      if (!isFaulty) act()
    } catch (error) {
      isFaulty = true
      onFault(error)
    }
  }
  const left = key && readHeard(layout, instance)
  const goesOn = left !== undefined && left.key === key && sizeOf(path) >= left.size
  const jobs = goesOn ? left.jobs : {}
  let isThere = goesOn && left.size > 0
  attempt(() => {
    if (!goesOn) forgetHeard(layout, instance)
    if (!existsSync(path)) return
    if (goesOn) truncateSync(path, left.size)
    else unlinkSync(path)
  })
  return {
    write: (text) =>
      attempt(() => {
        file ??= create(layout, path)
        writeFileSync(file, text)
        isThere = true
      }),
    heard: (job) => jobs[job] ?? 0,
    note: (job, bytes) =>
      attempt(() => {
        jobs[job] = bytes
        if (key) writeHeard(layout, instance, { key, size: sizeOf(path), jobs })
      }),
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
    get isThere() {
      return isThere && !isFaulty
    },
  }
}

function create({ logs }: CacheLayout, path: string): number {
  mkdirSync(logs, { recursive: true })
  return openSync(path, 'a', 0o600)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** The end of an instance's last log, cut at a line; empty where it printed nothing. */
export function readLogEnd(layout: CacheLayout, instance: string): Buffer {
  const path = logFile(layout, instance)
  if (!existsSync(path)) return Buffer.alloc(0)
  const file = openSync(path, 'r')
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
  return `${logs}/${instance}.log`
}
