import { setImmediate as nextTurn } from 'node:timers/promises'
import { uptimeMs } from '../model/uptime.ts'

/** For how long work that waits for nothing may keep signals and output waiting. */
export const longestMs = 50

let lastTurn = 0

/** Awaited between the steps of such work: lets signals and output have their turn in time. Throws what it was aborted for. */
export async function giveWay(signal?: AbortSignal): Promise<void> {
  if (uptimeMs() - lastTurn < longestMs) return
  await nextTurn()
  lastTurn = uptimeMs()
  signal?.throwIfAborted()
}
