import { renameSync, rmSync } from 'node:fs'
import { type Claim, type Holder, livingHolder, readClaim, type Unended } from './lock-claim.ts'
import { type Draft, putInPlace } from './lock-draft.ts'

/** Whoever held a lock and did not give it back; null where nobody can tell who that was. */
export interface Predecessor {
  pid: number | null
}

/** What comes to a new holder of a lock. */
export interface Succession {
  /** Those that died before: not known to be ended. */
  unended: Unended
  left?: Predecessor
  /** When it was given back, where it was, in ms since the epoch. */
  givenBackAt?: number
}

/** Where a lock lies that was given back, until the next one is taken. */
export const lastOf = (path: string) => `${path}.last`

/**
 * What a dead holder left is replaced by whoever holds the lock that is named after it: one process at a time, in one step.
 * That lock is taken like any other, so no death at any point leaves anything stuck; and it names those that are still to be
 * ended from the moment that it is there, so no death leaves them forgotten.
 *
 * @param inherited by whoever takes a lock that is named after another: what comes with that one
 */
export function take(path: string, draft: Draft, inherited?: Succession): Succession | { heldBy: Holder } {
  const [found, last] = [readClaim(path), readClaim(lastOf(path))]
  const heldBy = found && livingHolder(found)
  if (heldBy) return { heldBy }
  const succession = inherited ?? successionOf(found, last)
  if (!found) {
    draft.write(succession.unended)
    if (!putInPlace(draft, path)) return take(path, draft, inherited)
    if (readClaim(lastOf(path))?.id === last?.id) return succession
    // Others have come and gone meanwhile, and may have left something else.
    rmSync(path)
    return take(path, draft)
  }
  const heir = `${path}.after-${found.id}`
  const taken = take(heir, draft, succession)
  if ('heldBy' in taken) return taken
  try {
    const isStillThere = readClaim(path)?.id === found.id
    if (isStillThere && !found.isFolder) {
      renameSync(heir, path)
      return succession
    }
    // A folder cannot be replaced in one step: another may come first once it is gone.
    if (isStillThere) rmSync(path, { recursive: true })
  } finally {
    rmSync(heir, { force: true })
  }
  return take(path, draft, found.isFolder ? succession : inherited)
}

/**
 * @param found in the place of a lock that no living process holds
 * @param last given back before. Where there is neither, the lock was never there, or was deleted
 */
export function successionOf(found: Claim | undefined, last: Claim | undefined): Succession {
  const claims = [found, last].filter((claim) => claim !== undefined)
  if (claims.some(({ isCopy, content }) => !isCopy && !content))
    return { unended: 'all', left: { pid: null } }
  if (claims.every(({ isCopy }) => isCopy)) return { unended: 'all' }
  const dead = found?.content
  const unended = [dead?.unended, last?.content?.unended, dead?.run].flatMap((runs) => runs ?? [])
  return {
    unended: unended.includes('all') ? 'all' : [...new Set(unended)],
    ...(dead && { left: { pid: dead.pid } }),
    ...(last && { givenBackAt: last.laidAt }),
  }
}
