import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { attempt } from './attempt.ts'
import { HeldLock } from './held-lock.ts'
import { type Holder, livingHolder, presentHolder, readClaim } from './lock-claim.ts'
import { withDraft } from './lock-draft.ts'
import { lastOf, type Succession, successionOf, take } from './lock-succession.ts'

export type LockAttempt = HeldLock | { heldBy: Holder }

/** Takes a lock, or says which living process holds it. What a dead one left is taken over at once. */
export function tryLock(path: string, about: Pick<Holder, 'command' | 'run'>): LockAttempt {
  const holder = presentHolder(about)
  const taken = despiteDeletion(() => withDraft(path, holder, (draft) => take(path, draft)))
  if ('heldBy' in taken) return taken
  attempt(() => sweep(path))
  return new HeldLock(path, holder, taken)
}

/** Who holds a lock, or what would come to whoever took it now. Changes nothing. */
export function inspectLock(path: string): { heldBy?: Holder } & Partial<Succession> {
  const found = readClaim(path)
  const heldBy = found && livingHolder(found)
  return heldBy ? { heldBy } : successionOf(found, readClaim(lastOf(path)))
}

/** Tries again where somebody deletes the folder at the same moment, or sweeps what is half-written. */
function despiteDeletion<T>(act: () => T): T {
  for (let tries = 1; ; tries++)
    try {
      return act()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 10) throw error
    }
}

/** Removes what the new holder has inherited, and what others who wanted this lock left half-way when they died. */
function sweep(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const beside = join(dirname(path), name)
    const claim = name.startsWith(`${basename(path)}.`) ? readClaim(beside) : undefined
    if (claim && (beside === lastOf(path) || !livingHolder(claim)))
      rmSync(beside, { recursive: true, force: true })
  }
}
