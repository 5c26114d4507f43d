import { dirname } from 'node:path'
import { type MessagePort, workerData } from 'node:worker_threads'
import { cacheLayout } from '../cache/layout.ts'
import { readSealed } from '../cache/sealed.ts'
import type { FolderMemory } from '../inputs/folders.ts'
import { lookAtFolders } from '../inputs/sighting.ts'
import { findEntry } from './find-entry.ts'

/** So many folders are told of at a time. */
const atOnce = 32

/** A thread of its own: looks at the folders that mattered to the last run. It begins with the last, so that the run,
 *  which begins with the first and looks for itself where nobody has, meets it half-way. */
const { cwd, port } = workerData as { cwd: string; port: MessagePort }
const entry = findEntry(cwd)
if (entry !== undefined) scout(dirname(dirname(entry)))

function scout(root: string): void {
  const folders = readSealed<FolderMemory>(cacheLayout(root).folders, () => {})?.folders ?? []
  for (let end = folders.length; end > 0; end -= atOnce) {
    const sighting = lookAtFolders(root, folders.slice(Math.max(0, end - atOnce), end))
    port.postMessage(sighting, [sighting.numbers.buffer])
  }
}
