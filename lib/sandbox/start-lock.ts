import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { HeldLock } from '../local/held-lock.ts'
import { tryLock } from '../local/lock.ts'
import { refuse } from '../model/failure.ts'

/** Longer than making and starting a sandbox ever takes. */
const patienceMs = 120_000

/**
 * Runs `work` while no other process makes, starts or ends the sandbox. Waits for another's turn to be over; the lock of a
 * process that is gone is taken over at once.
 *
 * @param path of the lock; its folder is made when it is missing
 */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = await waitForTurn(path)
  try {
    return await work()
  } finally {
    lock.release()
  }
}

async function waitForTurn(path: string): Promise<HeldLock> {
  const turn = { command: 'sandbox', run: randomUUID() }
  for (const deadline = Date.now() + patienceMs; ; await pause(20)) {
    const attempt = tryLock(path, turn)
    if (!('heldBy' in attempt)) return attempt
    const { pid, since } = attempt.heldBy
    if (Date.now() >= deadline)
      refuse(
        `process ${pid} is making, starting or ending the sandbox since ${since}`,
        'Wait for it, or end that process.',
      )
  }
}
