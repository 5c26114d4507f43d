import { Readable } from 'node:stream'
import { Failed } from '../../model/failure.ts'
import type { Connection } from './connection.ts'

export interface CommandOptions {
  /** What the command reads on its stdin. */
  input?: string | Buffer | Readable
  signal?: AbortSignal
  /** Gets stdout as it comes, and the stream, which it may pause for a while; the result's is empty then. */
  onStdout?(chunk: Buffer, stream: Readable): void
  /** Gets stderr as it comes; the result's is empty then. */
  onStderr?(chunk: Buffer): void
  /** Milliseconds without any output after which the command is given up as stalled. */
  patience?: number
}

export interface Executed {
  exitCode: number | null
  /** The signal that ended the command: `SIGKILL`. */
  signal: string | null
  stdout: Buffer
  stderr: string
}

/** Runs a command line. A command that ended without saying how was lost together with its connection: never a success. */
export function execute(
  connection: Connection,
  line: string,
  options: CommandOptions = {},
): Promise<Executed> {
  return connection.command(
    line,
    (channel) =>
      new Promise<Executed>((resolve, reject) => {
        const stdout: Buffer[] = []
        const stderr: Buffer[] = []
        let ended: Pick<Executed, 'exitCode' | 'signal'> | undefined
        const { host } = connection
        const stalled = watchdog(options.patience, () =>
          reject(
            new Failed({ kind: 'stalled', host: host.name, detail: `no output for ${options.patience} ms` }),
          ),
        )
        // Both streams are always read: an unread one stops the command once the window is full.
        channel.on('data', (chunk: Buffer) => {
          stalled.refresh()
          if (options.onStdout) options.onStdout(chunk, channel)
          else stdout.push(chunk)
        })
        channel.stderr.on('data', (chunk: Buffer) => {
          if (options.onStderr) options.onStderr(chunk)
          else stderr.push(chunk)
        })
        channel.on('error', reject)
        channel.on('exit', (exitCode: number | null, signal?: string) => {
          ended = { exitCode, signal: signal ?? null }
        })
        channel.on('close', () => {
          stalled.stop()
          if (!ended) return reject(new Failed({ kind: 'connection-lost', host: host.name }))
          resolve({ ...ended, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() })
        })
        if (options.input instanceof Readable) options.input.pipe(channel)
        else channel.end(options.input)
      }),
    options.signal,
  )
}

function watchdog(patience: number | undefined, onStall: () => void) {
  if (patience === undefined) return { refresh() {}, stop() {} }
  const timer = setTimeout(onStall, patience).unref()
  return { refresh: () => void timer.refresh(), stop: () => clearTimeout(timer) }
}
