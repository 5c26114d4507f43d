import { open, stat } from 'node:fs/promises'
import { Failed } from '../model/failure.ts'

export interface Receiver {
  signal: AbortSignal
  progress(done: number, total: number): void
  /** How long a server may say nothing. */
  patienceMs?: number
}

const usualPatienceMs = 60_000

/**
 * Receives what is at an address into a file. What the file holds already is taken for the beginning, where the server
 * can go on from there; a connection that breaks is made again as long as each brings something.
 *
 * @returns whether it went on from a beginning that was there before
 */
export async function receive(url: string, file: string, receiver: Receiver): Promise<{ resumed: boolean }> {
  let resumed: boolean | undefined
  for (;;) {
    const before = await sizeOf(file)
    try {
      const wentOn = await receiveRest(url, file, before, receiver)
      return { resumed: resumed ?? wentOn }
    } catch (error) {
      receiver.signal.throwIfAborted()
      if (!(error instanceof Broken)) throw error
      resumed ??= before > 0
      if ((await sizeOf(file)) <= before) throw new Failed({ kind: 'download', url, detail: error.message })
    }
  }
}

/** The connection, not the server's answer, was what failed. */
class Broken extends Error {}

async function receiveRest(
  url: string,
  file: string,
  from: number,
  { signal, progress, patienceMs = usualPatienceMs }: Receiver,
): Promise<boolean> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), patienceMs)
  const either = AbortSignal.any([signal, silence.signal])
  try {
    const response = await fetch(url, {
      signal: either,
      // Else the bytes, and their number, could be others than the file's.
      headers: { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) },
    })
    // Nothing comes after what we have: it is whole, or of another file.
    if (response.status === 416) return true
    if (!response.ok || !response.body)
      throw new Failed({
        kind: 'download',
        url,
        detail: `the server answered ${response.status} ${response.statusText}`,
      })
    const goesOn = response.status === 206
    let done = goesOn ? from : 0
    const total = done + Number(response.headers.get('content-length') ?? Number.NaN) || 0
    // Each piece is in the file before the next is awaited: what came before an interruption is not lost.
    const target = await open(file, goesOn ? 'a' : 'w')
    try {
      for await (const piece of response.body) {
        await target.writeFile(piece)
        timer.refresh()
        progress((done += piece.length), total)
      }
    } finally {
      await target.close()
    }
    return goesOn
  } catch (error) {
    if (error instanceof Failed || isOfTheDisk(error)) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error)
    throw new Broken(silence.signal.aborted ? `nothing came for ${patienceMs / 1000} seconds` : cause.message)
  } finally {
    clearTimeout(timer)
  }
}

/** Ours, not the network's. */
function isOfTheDisk(error: unknown): boolean {
  return ['open', 'write', 'close'].includes((error as NodeJS.ErrnoException).syscall ?? '')
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}
