import { setTimeout } from 'node:timers/promises'
import { GrowingFile } from './growing-file.ts'

const everyMs = 200

/**
 * Shows what files hold and, given a signal, what is added to them until it comes.
 * @param paths asked anew each time: files may come later. One that was written anew is shown from its start.
 * @param show is waited for: no more lies in memory than is about to be shown
 */
export async function followFiles(
  paths: () => string[],
  show: (path: string, added: Buffer) => Promise<void>,
  until?: AbortSignal,
): Promise<void> {
  const files = new Map<string, GrowingFile>()
  try {
    do {
      for (const path of paths()) {
        const file = files.get(path) ?? new GrowingFile(path)
        files.set(path, file)
        for await (const added of file.added()) {
          if (until?.aborted) return
          await show(path, added)
        }
      }
      if (until) await setTimeout(everyMs, undefined, { signal: until }).catch(() => undefined)
    } while (until && !until.aborted)
  } finally {
    for (const file of files.values()) await file.close()
  }
}
