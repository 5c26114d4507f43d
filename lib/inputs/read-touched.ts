import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RememberedDigests } from './digest-memory.ts'
import { type FolderRead, type FolderToRead, type ReadingFolders, readFolder } from './read-folder.ts'
import type { ReadingThread } from './reading-thread.ts'
import type { TouchedFolder } from './seen-folder.ts'

/** What `find` tells of some 6000 files, in characters: fewer would be read before a thread has begun. */
const few = 400_000

/** Of so much, files are read in some ms. */
const atATime = 50_000

/** Of more, it would take so long that signals and output had to wait. */
const atOnce = 500_000

type Batch = IteratorResult<TouchedFolder[]>

/** Undefined once they cannot be read so. */
type Read = (folders: FolderToRead[]) => Promise<FolderRead[] | undefined>

/** Reads folders that look other than they did, where `find` tells very much of them: here and in another thread, of which each
 *  takes the next as it comes to it. What cannot be read so is left to whoever needs it. */
export async function readTouched(
  touched: AsyncIterable<TouchedFolder[]>,
  remembered: RememberedDigests,
  reading: ReadingFolders,
  keep: (folder: FolderToRead, read: FolderRead) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const batches = inBatches(many(touched))
  const first = await batches.next()
  if (first.done) return
  const thread = await startThread(reading, signal)
  const there: Read = async (folders) => thread?.read(folders).catch(() => undefined)
  const here: Read = async (folders) => {
    await nextTurn() // answers of the thread have their turn
    if (sizeOf(folders) > atOnce) return (await there(folders)) ?? []
    return folders.map((folder) => readFolder(folder, reading))
  }
  /** From one batch on, until there are no more. */
  const readAll = async (read: Read, from: Batch | Promise<Batch>) => {
    for (let next = await from; !next.done && !signal?.aborted; next = await batches.next()) {
      const folders = next.value.map((folder) => ({ ...folder, known: remembered.textIn(folder.path) }))
      const all = await read(folders)
      if (!all) return
      for (const [index, folder] of folders.entries()) keep(folder, all[index]!)
    }
  }
  try {
    // With two of its own, the thread has one to go on with while an answer is on its way.
    const readers = thread ? [there, there, here] : [here]
    await Promise.all(readers.map((read, index) => readAll(read, index === 0 ? first : batches.next())))
  } finally {
    thread?.end()
  }
}

/** Undefined where there is none to be had. */
async function startThread(
  reading: ReadingFolders,
  signal: AbortSignal | undefined,
): Promise<ReadingThread | undefined> {
  try {
    const { ReadingThread } = await import('./reading-thread.ts')
    return new ReadingThread(reading, signal)
  } catch {
    return undefined
  }
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

async function* inBatches(touched: AsyncIterable<TouchedFolder[]>): AsyncGenerator<TouchedFolder[]> {
  for await (const folders of touched) {
    let batch: TouchedFolder[] = []
    let size = 0
    for (const folder of folders) {
      batch.push(folder)
      size += folder.told.length
      if (size < atATime) continue
      yield batch
      batch = []
      size = 0
    }
    if (batch.length > 0) yield batch
  }
}

/** How much `find` told of them. */
function sizeOf(folders: TouchedFolder[]): number {
  return folders.reduce((size, { told }) => size + told.length, 0)
}
