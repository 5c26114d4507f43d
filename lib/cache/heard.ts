import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import type { Digest } from '../model/digest.ts'
import type { CacheLayout } from './layout.ts'

/** What a log held when it was noted last, while jobs that it tells of may go on. */
export interface HeardOfJobs {
  key: Digest
  /** Of the log; what may have come after it is not noted. */
  size: number
  /** Bytes of the logs of jobs. */
  jobs: Record<string, number>
}

/** Its line is written over in one go, so that it is whole at any moment; what follows it is of an earlier, longer one. */
export function writeHeard(layout: CacheLayout, instance: string, heard: HeardOfJobs): void {
  mkdirSync(layout.logs, { recursive: true })
  const file = openSync(heardFile(layout, instance), constants.O_WRONLY | constants.O_CREAT, 0o600)
  try {
    writeSync(file, `${JSON.stringify(heard)}\n`, 0)
  } finally {
    closeSync(file)
  }
}

/** Undefined where it cannot be read: then a log is heard from its beginning. */
export function readHeard(layout: CacheLayout, instance: string): HeardOfJobs | undefined {
  try {
    const [line = ''] = readFileSync(heardFile(layout, instance), 'utf8').split('\n')
    const heard = JSON.parse(line)
    return typeof heard.size === 'number' && typeof heard.jobs === 'object' ? heard : undefined
  } catch {
    return undefined
  }
}

/** The next run begins the instance's log anew. */
export function forgetHeard(layout: CacheLayout, instance: string): void {
  const file = heardFile(layout, instance)
  if (existsSync(file)) rmSync(file, { force: true })
}

function heardFile({ logs }: CacheLayout, instance: string): string {
  return `${logs}/${instance}.heard`
}
