import { setTimeout } from 'node:timers/promises'
import type { Declared } from './declared.ts'
import { listen } from './listen.ts'
import { type Camera, difference, type Snapshot } from './snapshot.ts'

/** For so long nothing may change before a burst of edits counts as over. */
const quietMs = 100

/**
 * Waits until declared files are not what they were, and change no more.
 * Sounds only say that it is worth looking; what changed is what looking shows.
 * @returns their paths from the root
 */
export async function nextChange(
  root: string,
  camera: Camera,
  declared: Declared,
  before: Snapshot,
  signal: AbortSignal,
): Promise<string[]> {
  for (;;) {
    // Anew each time: a folder that was replaced by another of its name would not be heard any more.
    const ears = await listen(root, declared, signal)
    try {
      const missed = await changesSince(before)
      if (missed.length > 0) return missed
      await ears.stirred
      const heard = await changesSince(before)
      if (heard.length > 0) return heard
    } finally {
      await ears.close()
    }
  }

  async function changesSince(before: Snapshot): Promise<string[]> {
    let last = before
    let now = await camera.take(declared)
    while (difference(last, now).length > 0) {
      await setTimeout(quietMs, undefined, { signal })
      last = now
      now = await camera.take(declared)
    }
    return difference(before, now)
  }
}
