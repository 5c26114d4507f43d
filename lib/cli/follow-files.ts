import { open } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

const everyMs = 200

/**
 * Shows what files hold and, given a signal, what is added to them until it comes.
 * @param paths asked anew each time: files may come later. One that was written anew is shown from its start.
 */
export async function followFiles(
  paths: () => string[],
  show: (path: string, added: Buffer) => void,
  until?: AbortSignal,
): Promise<void> {
  const shown = new Map<string, number>()
  do {
    for (const path of paths()) {
      const { added, size } = await readFrom(path, shown.get(path) ?? 0)
      if (added.length > 0) show(path, added)
      shown.set(path, size)
    }
    if (until) await setTimeout(everyMs, undefined, { signal: until }).catch(() => undefined)
  } while (until && !until.aborted)
}

async function readFrom(path: string, start: number): Promise<{ added: Buffer; size: number }> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const from = size < start ? 0 : start
    const added = Buffer.alloc(size - from)
    const { bytesRead } = await file.read(added, 0, added.length, from)
    return { added: added.subarray(0, bytesRead), size: from + bytesRead }
  } finally {
    await file.close()
  }
}
