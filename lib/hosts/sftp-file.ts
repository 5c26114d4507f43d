import type { SFTPWrapper } from 'ssh2'
import { Failed } from '../model/failure.ts'

export type Sftp = SFTPWrapper

/** A file that is open on the host. Every call answers only as long as the connection stands. */
export interface SftpFile {
  write(buffer: Buffer, position: number): Promise<void>
  /** @returns fewer bytes than asked for at the end of the file only */
  read(position: number, length: number): Promise<Buffer>
}

/** Opens a file and closes it when `use` is done with it, well or not. What the server refuses is a `command` that failed. */
export async function withSftpFile(
  sftp: Sftp,
  path: string,
  flags: 'r' | 'w' | 'r+',
  use: (file: SftpFile) => Promise<void>,
): Promise<void> {
  try {
    const handle = await called<Buffer>((done) => sftp.open(path, flags, done))
    const close = () => called<void>((done) => sftp.close(handle, done as Done<void>))
    try {
      await use(fileOf(sftp, handle))
    } catch (error) {
      // Not waited for: where the connection is lost, nobody answers.
      close().catch(() => {})
      throw error
    }
    await close()
  } catch (error) {
    throw isStatus(error) ? refusal(`sftp ${flags === 'r' ? 'get' : 'put'} ${path}`, error) : error
  }
}

/** An answer of the server, which has a number for a code. */
function isStatus(error: unknown): error is Error {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'number'
}

function refusal(command: string, { message }: Error): Failed {
  return new Failed({ kind: 'command', command, exitCode: null, signal: null, tail: message })
}

function fileOf(sftp: SFTPWrapper, handle: Buffer): SftpFile {
  return {
    write: (buffer, position) =>
      called<void>((done) => sftp.write(handle, buffer, 0, buffer.length, position, done as Done<void>)),
    read: async (position, length) => {
      const buffer = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const read = await readOnce(sftp, handle, buffer, filled, position + filled)
        if (read === 0) break
        filled += read
      }
      return buffer.subarray(0, filled)
    },
  }
}

const endOfFile = 1

function readOnce(sftp: SFTPWrapper, handle: Buffer, buffer: Buffer, offset: number, position: number) {
  return new Promise<number>((resolve, reject) =>
    sftp.read(handle, buffer, offset, buffer.length - offset, position, (error, bytes) => {
      if ((error as { code?: number } | undefined)?.code === endOfFile) resolve(0)
      else if (error) reject(error)
      else resolve(bytes)
    }),
  )
}

type Done<T> = (error: Error | null | undefined, value: T) => void

function called<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))))
}
