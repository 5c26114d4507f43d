import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { digestOf } from '../model/digest.ts'
import { attempt } from './attempt.ts'
import { findProcess } from './processes.ts'

/** Who holds a lock. */
export interface Holder {
  pid: number
  /** As the system tells it: with the boot it distinguishes a process from a later one of the same number. */
  started: string
  boot: string
  command: string
  /** ISO 8601. */
  since: string
  /** Distinguishes this time of holding it from all others. */
  run: string
}

/** Runs that died, and of which something may still live: `all` where nobody knows which they were. */
export type Unended = string[] | 'all'

/** The folder where a lock was laid. By either it is known again when it was moved, or when its disk counts files anew. */
export interface Place {
  folder: string
  inode: string
}

/** All that a lock says. */
export interface LockContent extends Holder, Place {
  /** Those that died before its holder. */
  unended: Unended
}

/** What lies in the place of a lock. */
export interface Claim {
  /** Names its very content. */
  id: string
  isFolder: boolean
  /** It was laid in another folder, and came here with a copy of that: it says nothing of this one. */
  isCopy: boolean
  /** Undefined where nobody can tell. */
  content: LockContent | undefined
  /** When it came to lie there, in ms since the epoch. */
  laidAt: number
}

export function presentHolder({ command, run }: Pick<Holder, 'command' | 'run'>): Holder {
  return {
    pid: process.pid,
    started: findProcess(process.pid)?.started ?? '',
    boot: bootId(),
    command,
    since: new Date().toISOString(),
    run,
  }
}

export function isAlive({ pid, started, boot }: Holder): boolean {
  return boot === bootId() && findProcess(pid)?.started === started
}

/** Who holds it and lives. */
export function livingHolder({ content }: Claim): Holder | undefined {
  return content && isAlive(content) ? content : undefined
}

/** Sealed by a digest: a name that is damaged would be looked for in vain. */
export function lockText(content: LockContent): string {
  const text = JSON.stringify(content)
  return `${text}\n${digestOf(text)}\n`
}

/** Undefined where nothing lies: it may be gone at any moment, and it may be anything. */
export function readClaim(path: string): Claim | undefined {
  const stat = attempt(() => lstatSync(path))
  if (!stat) return undefined
  const text = (stat.isFile() && attempt(() => readFileSync(path, 'utf8'))) || ''
  const content = contentIn(text)
  const here = attempt(() => placeOf(path))
  const isCopy = content !== undefined && !isLaidIn(content, here)
  return {
    id: digestOf(text).slice(0, 16),
    isFolder: stat.isDirectory(),
    isCopy,
    content: isCopy ? undefined : content,
    laidAt: stat.ctimeMs,
  }
}

/** Where a lock of that path is laid. */
export function placeOf(path: string): Place {
  const folder = realpathSync(dirname(path))
  const { dev, ino } = statSync(folder, { bigint: true })
  return { folder, inode: `${dev}:${ino}` }
}

function isLaidIn({ folder, inode }: Place, here: Place | undefined): boolean {
  return folder === here?.folder || inode === here?.inode
}

function contentIn(text: string): LockContent | undefined {
  const [json = '', seal] = text.split('\n')
  return digestOf(json) === seal ? JSON.parse(json) : undefined
}

function bootId(): string {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim()
}
