import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { findProcess } from './processes.ts'

/** What a lock says of the process that holds it. */
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

/** What lies in the place of a lock. */
export interface Claim {
  /** Names its very content. */
  id: string
  isFolder: boolean
  /** Undefined where nobody can tell. */
  holder: Holder | undefined
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

export function isAlive(holder: Holder | undefined): holder is Holder {
  return (
    holder !== undefined && holder.boot === bootId() && findProcess(holder.pid)?.started === holder.started
  )
}

/** Undefined where nothing lies. What cannot be read is a claim that nobody holds. */
export function readClaim(path: string): Claim | undefined {
  const stat = attempt(() => lstatSync(path))
  if (!stat) return undefined
  const content = (stat.isFile() && attempt(() => readFileSync(path, 'utf8'))) || ''
  return {
    id: createHash('sha256').update(content).digest('hex').slice(0, 16),
    isFolder: stat.isDirectory(),
    holder: holderIn(content),
  }
}

function holderIn(content: string): Holder | undefined {
  const holder = attempt(() => JSON.parse(content))
  const isWhole =
    Number.isInteger(holder?.pid) &&
    ['started', 'boot', 'command', 'since', 'run'].every((field) => typeof holder[field] === 'string')
  return isWhole ? holder : undefined
}

/** Undefined where it cannot be done: a lock may be gone at any moment, and it may be anything. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

function bootId(): string {
  return process.platform === 'linux'
    ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    : execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim()
}
