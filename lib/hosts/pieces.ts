import { Failed } from '../model/failure.ts'
import { abortError } from './abort.ts'

export interface Range {
  from: number
  to: number
}

/** What every SFTP server takes in one request, and how many are under way at a time: 2 MiB in flight. */
const pieceSize = 32_768
export const inFlight = 64

/**
 * Moves a range in pieces, many at a time, since each waits for an answer of the host.
 * @param patience milliseconds without any piece moved after which the transfer is `stalled`
 */
export async function movePieces(
  range: Range,
  move: (position: number, length: number) => Promise<void>,
  options: {
    host: string
    what: string
    patience?: number
    signal?: AbortSignal
    onMoved(bytes: number): void
  },
): Promise<void> {
  const { host, what, patience = 30_000, signal, onMoved } = options
  let next = range.from
  let over = false
  const worker = async () => {
    while (next < range.to && !over) {
      if (signal?.aborted) throw abortError(signal)
      const position = next
      const length = Math.min(pieceSize, range.to - position)
      next += length
      await move(position, length)
      timer?.refresh()
      if (!over) onMoved(length)
    }
  }
  let timer: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_resolve, reject) => {
    const detail = `${what}: nothing moved for ${patience / 1000} s`
    timer = setTimeout(() => reject(new Failed({ kind: 'stalled', host, detail })), patience)
  })
  try {
    await Promise.race([Promise.all(Array.from({ length: inFlight }, worker)), stalled])
  } finally {
    over = true
    clearTimeout(timer)
  }
}

/** Bytes that may be missing below the end of a file that such a transfer left behind. */
export const unsure = pieceSize * inFlight
