import type { Readable } from 'node:stream'

const waiting = new Set<Readable>()

/** Lets a stream flow no faster than this program's own output is read: what is not read yet lies in memory. */
export function atReadersPace(stream: Readable): void {
  const { stdout } = process
  if (!stdout.writableNeedDrain) return
  stream.pause()
  waiting.add(stream)
  if (waiting.size > 1) return
  const flow = () => {
    for (const event of events) stdout.off(event, flow)
    const all = [...waiting]
    waiting.clear()
    for (const one of all) one.resume()
  }
  for (const event of events) stdout.on(event, flow)
}

/** A reader that goes away reads no more: `drain` would not come. */
const events = ['drain', 'error', 'close'] as const
