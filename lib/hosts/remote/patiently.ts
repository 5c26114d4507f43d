import { setTimeout as pause } from 'node:timers/promises'
import { Failed } from '../../model/failure.ts'

/** Tries again what the network interrupted: three times, or three more whenever it had come further in between. */
export async function patiently<T>(
  work: () => Promise<T>,
  options: { come(): number; signal?: AbortSignal | undefined },
): Promise<T> {
  const { come, signal } = options
  for (let retries = 0; ; retries++) {
    const before = come()
    try {
      signal?.throwIfAborted()
      return await work()
    } catch (error) {
      if (signal?.aborted || !isInterruption(error)) throw error
      if (come() !== before) retries = 0
      if (retries === 3) throw error
      // What stalled has been waited for already.
      if (error.failure.kind !== 'stalled') await pause(250 * 5 ** retries, undefined, { signal })
    }
  }
}

function isInterruption(error: unknown): error is Failed {
  return error instanceof Failed && ['connection-lost', 'unreachable', 'stalled'].includes(error.failure.kind)
}
