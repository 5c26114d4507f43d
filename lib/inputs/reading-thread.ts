import { on } from 'node:events'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import type { FolderRead, FolderToRead, ReadingFolders } from './read-folder.ts'

/** Another thread that reads folders. */
export class ReadingThread {
  readonly #worker: Worker
  readonly #answers: AsyncIterator<FolderRead[][]>

  /** Throws where there is none to be had. `signal`: it is given up. */
  constructor(reading: ReadingFolders, signal?: AbortSignal) {
    signal?.throwIfAborted()
    this.#worker = start({ env: {}, execArgv: [], workerData: reading })
    this.#worker.on('error', () => {}) // whoever waits for an answer is told
    this.#answers = on(this.#worker, 'message', { signal })
  }

  /** In their order. Throws once it has failed, or was given up. */
  async read(folders: FolderToRead[]): Promise<FolderRead[]> {
    this.#worker.postMessage(folders)
    const { value } = await this.#answers.next()
    return value[0]
  }

  end(): void {
    void this.#worker.terminate()
  }
}

/** Compiled, the program lies beside this file. From its source, a thread cannot start it as it is. */
function start(options: WorkerOptions): Worker {
  const type = extname(import.meta.url)
  const program = fileURLToPath(new URL(`./reading-thread-program${type}`, import.meta.url))
  return type === '.ts'
    ? new Worker(compiled(program), { ...options, eval: true })
    : new Worker(program, options)
}

function compiled(program: string): string {
  const { buildSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild')
  const { outputFiles } = buildSync({
    entryPoints: [program],
    bundle: true,
    write: false,
    platform: 'node',
  })
  return outputFiles[0]!.text
}
