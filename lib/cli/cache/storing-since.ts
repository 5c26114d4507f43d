import { inspectLock } from '../../local/lock.ts'

/** Times of files may lag behind the clock by so many milliseconds. */
const tick = 20

/** Since when a run that is going may have stored what it has not recorded yet, in ms since the epoch. Without such a run:
 *  from now on. */
export function storingSince(lock: string): { since: number; isGoing: boolean } {
  const now = Date.now()
  const { heldBy } = inspectLock(lock)
  const since = heldBy ? Math.min(now, Date.parse(heldBy.since)) : now
  return { since: since - tick, isGoing: heldBy !== undefined }
}
