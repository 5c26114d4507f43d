import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UsageError } from '../model/problem.ts'

export interface LockHolder {
  pid: number
  /** As the system tells it: with the boot it distinguishes a process from a later one of the same number. */
  started: string
  boot: string
  command: string
  /** ISO 8601. */
  since: string
  run: string
}

export interface HeldLock {
  release(): void
  /** The run that held the lock and died: what it started may still live. */
  left?: { pid: number | null; run: string | null }
}

interface LockOptions {
  run: string
  command: string
  wait: boolean
  signal: AbortSignal
}

/** Takes the workspace's lock. A living holder is waited for, or a `locked` usage error; a dead one is succeeded at once. */
export async function acquireLock(
  path: string,
  { run, command, wait, signal }: LockOptions,
): Promise<HeldLock> {
  mkdirSync(dirname(path), { recursive: true })
  const own: LockHolder = {
    pid: process.pid,
    ...identify(process.pid)!,
    boot: bootId(),
    command,
    since: new Date().toISOString(),
    run,
  }
  const mine = `${path}.${process.pid}.new`
  writeFileSync(mine, JSON.stringify(own))
  try {
    for (;;) {
      const state = tryLock(path, mine)
      if ('held' in state)
        return { release: () => release(path, run), ...(state.held && { left: state.held }) }
      if (!wait)
        throw new UsageError({
          kind: 'locked',
          pid: state.by.pid,
          command: state.by.command,
          since: state.by.since,
        })
      await sleep(100, undefined, { signal })
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

type Attempt = { held: HeldLock['left'] | undefined } | { by: LockHolder }

/** A dead holder has exactly one successor: whoever creates the file named after it. A dead successor's successor
 *  follows in the same way, so that no death at any point leaves the lock stuck. */
function tryLock(path: string, mine: string): Attempt {
  if (linkIfFree(mine, path)) return { held: undefined }
  const first = readClaim(path)
  if (!first) return tryLock(path, mine)
  for (let claim: Claim | undefined = first; claim; ) {
    if (claim.holder && isAlive(claim.holder)) return { by: claim.holder }
    const next = `${path}.after-${claim.id}`
    if (linkIfFree(mine, next)) return succeed(path, mine, first)
    claim = readClaim(next)
  }
  return tryLock(path, mine)
}

/** Only if the dead holder's file is still in place: another may have succeeded it before ours was created. */
function succeed(path: string, mine: string, dead: Claim): Attempt {
  const stillDead = readClaim(path)?.id === dead.id
  if (stillDead) {
    const copy = `${mine}.claimed`
    linkSync(mine, copy)
    renameSync(copy, path)
  }
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(`${basename(path)}.after-`) && isOwn(join(dirname(path), name)))
      rmSync(join(dirname(path), name), { force: true })
  if (!stillDead) return tryLock(path, mine)
  rmSync(`${path}.after-${dead.id}`, { force: true })
  return { held: { pid: dead.holder?.pid ?? null, run: dead.holder?.run ?? null } }
}

function isOwn(path: string): boolean {
  return readClaim(path)?.holder?.pid === process.pid
}

interface Claim {
  /** Names this very claim, also when its content cannot be read. */
  id: string
  holder: LockHolder | undefined
}

function readClaim(path: string): Claim | undefined {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const id = createHash('sha256').update(content).digest('hex').slice(0, 16)
  try {
    const holder = JSON.parse(content) as LockHolder
    return { id, holder: Number.isInteger(holder?.pid) ? holder : undefined }
  } catch {
    return { id, holder: undefined }
  }
}

function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function release(path: string, run: string): void {
  if (readClaim(path)?.holder?.run === run) rmSync(path, { force: true })
}

function isAlive(holder: LockHolder): boolean {
  return holder.boot === bootId() && identify(holder.pid)?.started === holder.started
}

/** When a process started; undefined for one that is gone, or a zombie. */
function identify(pid: number): { started: string } | undefined {
  try {
    if (process.platform === 'linux') {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()!.split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { started: fields[19]! }
    }
    const [state, ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/)
    return !state || state.startsWith('Z') ? undefined : { started: started.join(' ') }
  } catch {
    return undefined
  }
}

function bootId(): string {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim()
}
