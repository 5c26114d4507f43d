/** What a `ReadingThread` runs: it reads folders as they come, and answers in their order. */
import { parentPort, workerData } from 'node:worker_threads'
import { type FolderToRead, readFolder } from './read-folder.ts'

parentPort!.on('message', (folders: FolderToRead[]) =>
  parentPort!.postMessage(folders.map((folder) => readFolder(folder, workerData))),
)
