import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RememberedDigests } from './digest-memory.ts'
import { type FolderRead, type FolderToRead, type ReadingFolders, readFolder } from './read-folder.ts'
import { ReadingThread } from './reading-thread.ts'
import type { TouchedFolder } from './seen-folder.ts'

/** What `find` tells of some 15 000 files, in characters: fewer would be read before a thread has begun. */
const few = 1_000_000

/** Of so much, files are read in some ms. */
const atATime = 50_000

/** Of more, it would take so long that signals and output had to wait. */
const atOnce = 500_000

/** Reads folders that look other than they did, where `find` tells very much of them: here and in another thread, of which each
 *  takes the next as it comes to it. What cannot be read so is left to whoever needs it. */
export async function readTouched(
  touched: AsyncIterable<TouchedFolder[]>,
  remembered: RememberedDigests,
  reading: ReadingFolders,
  keep: (folder: FolderToRead, read: FolderRead) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const batches = inBatches(touched, remembered)
  let thread: ReadingThread | undefined
  const there = async (folders: FolderToRead[]) => {
    try {
      thread ??= new ReadingThread(reading, signal)
      return await thread.read(folders)
    } catch {
      return undefined // whoever needs them reads them
    }
  }
  const here = async (folders: FolderToRead[]) => {
    await nextTurn() // answers of the thread have their turn
    return sizeOf(folders) > atOnce
      ? ((await there(folders)) ?? [])
      : folders.map((folder) => readFolder(folder, reading))
  }
  /** Until there are no more, or they cannot be read so. */
  const readBy = async (read: typeof there) => {
    for (let next = await batches.next(); !next.done && !signal?.aborted; next = await batches.next()) {
      const folders = await read(next.value)
      if (!folders) return
      for (const [index, folder] of folders.entries()) keep(next.value[index]!, folder)
    }
  }
  try {
    // With two of its own, the thread has one to go on with while an answer is on its way.
    await Promise.all([readBy(there), readBy(there), readBy(here)])
  } finally {
    thread?.end()
  }
}

async function* inBatches(
  touched: AsyncIterable<TouchedFolder[]>,
  remembered: RememberedDigests,
): AsyncGenerator<FolderToRead[]> {
  for await (const folders of many(touched)) yield* batchesOf(folders, remembered)
}

/** All of them, from the moment on when they are many. */
async function* many(touched: AsyncIterable<TouchedFolder[]>): AsyncGenerator<TouchedFolder[]> {
  let waiting: TouchedFolder[] = []
  let size = 0
  for await (const folders of touched) {
    waiting = [...waiting, ...folders]
    size += sizeOf(folders)
    if (size < few) continue
    yield waiting
    waiting = []
  }
}

function* batchesOf(folders: TouchedFolder[], remembered: RememberedDigests): Generator<FolderToRead[]> {
  let batch: FolderToRead[] = []
  for (const folder of folders) {
    batch.push({ ...folder, known: remembered.textIn(folder.path) })
    if (sizeOf(batch) < atATime) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** How much `find` told of them. */
function sizeOf(folders: TouchedFolder[]): number {
  return folders.reduce((size, { told }) => size + told.length, 0)
}
