import { uptimeMs } from '../../model/uptime.ts'
import { abortError } from '../ssh/abort.ts'

export interface Range {
  from: number
  to: number
}

/** What every SFTP server takes in one request. */
export const smallest = 32 * 1024

/** Bytes in flight, and so those that may be missing below the end of a file that such a transfer left behind. */
export const unsure = 2 * 1024 * 1024

/** A piece that takes longer than this was too large for the link: a slow one must not look like one that stands still. */
const soon = 1000

/**
 * Moves a range in pieces, many at a time, since each waits for an answer of the host. They begin small and grow as long
 * as they are moved soon.
 * @param options.largest what the server takes in one request: the smallest at least
 */
export async function movePieces(
  range: Range,
  move: (position: number, length: number) => Promise<void>,
  options: { largest: number; signal?: AbortSignal | undefined; onMoved(bytes: number): void },
): Promise<void> {
  const { largest, signal, onMoved } = options
  const inFlight = Math.max(1, Math.floor(unsure / largest))
  let size = smallest
  let next = range.from
  let over = false
  const worker = async () => {
    while (next < range.to && !over) {
      if (signal?.aborted) throw abortError(signal)
      const position = next
      const length = Math.min(size, range.to - position)
      next += length
      const began = uptimeMs()
      await move(position, length)
      const wasSoon = uptimeMs() - began < soon
      size = wasSoon ? Math.min(size * 2, largest) : smallest
      if (!over) onMoved(length)
    }
  }
  try {
    await Promise.all(Array.from({ length: inFlight }, worker))
  } finally {
    over = true
  }
}
