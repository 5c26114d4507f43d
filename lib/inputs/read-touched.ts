import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RememberedDigests } from './digest-memory.ts'
import { type FolderRead, type FolderToRead, type ReadingFolders, readFolder } from './read-folder.ts'
import { ReadingThread } from './reading-thread.ts'
import type { TouchedFolder } from './seen-folder.ts'

/** What `find` told of some 15 000 files, in bytes: of fewer, all is read before a thread has begun. */
const few = 1_000_000

/** What it told of a few hundred: they are read in some ms. */
const atATime = 50_000

/** Reads folders that look other than they did, where that are very many: here and in another thread, of which each takes the
 *  next as it comes to it. What cannot be read so is left to whoever needs it. */
export async function readTouched(
  touched: AsyncIterable<TouchedFolder[]>,
  remembered: RememberedDigests,
  reading: ReadingFolders,
  keep: (folder: FolderToRead, read: FolderRead) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const batches = inBatches(touched, remembered)
  let thread: ReadingThread | undefined
  const here = async (folders: FolderToRead[]) => {
    await nextTurn() // answers of the thread have their turn
    return folders.map((folder) => readFolder(folder, reading))
  }
  const there = (folders: FolderToRead[]) => {
    thread ??= new ReadingThread(reading, signal)
    return thread.read(folders)
  }
  const readBy = async (read: typeof here) => {
    for await (const batch of batches) {
      if (signal?.aborted) return
      for (const [index, folder] of (await read(batch)).entries()) keep(batch[index]!, folder)
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
    for (const { told } of folders) size += told.length
    if (size < few) continue
    yield waiting
    waiting = []
  }
}

function* batchesOf(folders: TouchedFolder[], remembered: RememberedDigests): Generator<FolderToRead[]> {
  let batch: FolderToRead[] = []
  let size = 0
  for (const folder of folders) {
    batch.push({ ...folder, known: remembered.textIn(folder.path) })
    size += folder.told.length
    if (size < atATime) continue
    yield batch
    batch = []
    size = 0
  }
  yield batch
}
