import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Holder, isAlive, presentHolder, readClaim } from './lock-claim.ts'

/** Of a holder that has died, as far as its lock could be read. */
export type DeadHolder = Pick<Holder, 'pid' | 'run'> | { pid: null; run: null }

export type LockAttempt = { release(): void; left?: DeadHolder } | { heldBy: Holder }

/** Takes a lock, or says which living process holds it. What a dead one left is taken over at once. */
export function tryLock(path: string, about: Pick<Holder, 'command' | 'run'>): LockAttempt {
  const mine = `${path}.${about.run}`
  mkdirSync(dirname(path), { recursive: true })
  try {
    // The content is there at the very moment the name is: a lock is never seen half-written.
    writeFileSync(mine, JSON.stringify(presentHolder(about)))
    const taken = take(path, mine)
    return 'heldBy' in taken ? taken : { ...taken, release: () => release(path, about.run) }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Who holds a lock, dead or alive; neither where nobody does. Changes nothing. */
export function inspectLock(path: string): { heldBy?: Holder; left?: DeadHolder } {
  const claim = readClaim(path)
  if (!claim) return {}
  return isAlive(claim.holder) ? { heldBy: claim.holder } : { left: claim.holder ?? unknown }
}

const unknown = { pid: null, run: null }

/**
 * What a dead holder left is replaced by whoever holds the lock that is named after it: one process at a time, in one step.
 * That lock is taken like any other, so no death at any point leaves anything stuck.
 */
function take(path: string, mine: string): { left?: DeadHolder } | { heldBy: Holder } {
  if (linkIfFree(mine, path)) return {}
  const found = readClaim(path)
  if (!found) return take(path, mine)
  if (isAlive(found.holder)) return { heldBy: found.holder }
  const heir = `${path}.after-${found.id}`
  const succession = take(heir, mine)
  if ('heldBy' in succession) return succession
  const isStillThere = readClaim(path)?.id === found.id
  if (isStillThere && !found.isFolder) {
    renameSync(heir, path)
    return { left: found.holder ?? unknown }
  }
  // A folder cannot be replaced in one step: another may come first once it is gone.
  if (isStillThere) rmSync(path, { recursive: true })
  rmSync(heir)
  const taken = take(path, mine)
  return isStillThere && !('heldBy' in taken) ? { left: unknown } : taken
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
  try {
    if (readClaim(path)?.holder?.run === run) rmSync(path)
  } catch {
    // The next one finds a lock of a process that is gone, and takes it over.
  }
}
