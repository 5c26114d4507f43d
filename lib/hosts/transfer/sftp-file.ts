import type { SFTPWrapper } from 'ssh2'
import ssh2 from 'ssh2'
import { Failed } from '../../model/failure.ts'
import { smallest } from './pieces.ts'

export type Sftp = SFTPWrapper

/** What a server takes in one request; OpenSSH says so when it is asked, which ssh2 keeps to itself. */
export function largestPiece(sftp: Sftp): number {
  const { _maxReadLen = 0, _maxWriteLen = 0 } = sftp as { _maxReadLen?: number; _maxWriteLen?: number }
  return Math.max(smallest, Math.min(_maxReadLen, _maxWriteLen, 255 * 1024))
}

/** A file that is open on the host. Every call answers only as long as the connection stands. */
export interface SftpFile {
  write(buffer: Buffer, position: number): Promise<void>
  /** @returns fewer bytes than asked for at the end of the file only */
  read(position: number, length: number): Promise<Buffer>
}

const { READ, WRITE, CREAT } = ssh2.utils.sftp.OPEN_MODE
const opening = { read: READ, write: WRITE | CREAT }

/**
 * Opens a file and closes it when `use` is done with it, well or not. One that is written is made if need be, for nobody
 * else to read, and keeps what it holds. What the server refuses is a `command` that failed.
 */
export async function withSftpFile(
  sftp: Sftp,
  path: string,
  to: 'read' | 'write',
  use: (file: SftpFile) => Promise<void>,
): Promise<void> {
  try {
    const handle = await called<Buffer>((done) =>
      sftp.open(path, opening[to] as never, { mode: 0o600 }, done),
    )
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
    throw isStatus(error) ? refusal(`sftp ${to === 'read' ? 'get' : 'put'} ${path}`, error) : error
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
