import { once } from 'node:events'
import type { Stats } from 'node:fs'
import { watch } from 'chokidar'
import { refuse } from '../../model/failure.ts'
import type { Declared } from './declared.ts'
import { earshot } from './earshot.ts'

export interface Ears {
  /** Resolves when something stirs, which need not be a declared file; rejects when the signal comes. */
  stirred: Promise<unknown>
  close(): Promise<void>
}

/** Listens in every folder where a declared file is or could come to be. Resolves when nothing is missed any more. */
export async function listen(root: string, declared: Declared, signal: AbortSignal): Promise<Ears> {
  const { folders, covers } = earshot(root, declared)
  const watcher = watch(folders, {
    // A folder tells of the files in it: these need no watches of their own.
    ignored: (path: string, stats?: Stats) => (stats !== undefined && !stats.isDirectory()) || !covers(path),
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignoreInitial: true,
    atomic: false,
  })
  const closed = new AbortController()
  const until = { signal: AbortSignal.any([signal, closed.signal]) }
  const stirred = once(watcher, 'raw', until).catch(explain)
  stirred.catch(() => undefined)
  watcher.on('error', () => undefined)
  const close = () => {
    closed.abort()
    return watcher.close()
  }
  try {
    await once(watcher, 'ready', until)
    return { stirred, close }
  } catch (error) {
    await close()
    return explain(error)
  }
}

function explain(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EMFILE')
    refuse(
      `the system does not let this program watch so many folders (${message})`,
      'Raise its limit, for example with `sudo sysctl fs.inotify.max_user_watches=524288`.',
    )
  throw error
}
