import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { Failed } from '../../model/failure.ts'
import type { LocalFile } from '../../model/host-session.ts'
import { lackOfSpace } from '../remote/free-space.ts'
import type { Remote } from '../remote/remote.ts'
import { movePieces, unsure } from './pieces.ts'
import type { Sftp } from './sftp-file.ts'
import { largestPiece, withSftpFile } from './sftp-file.ts'
import { unlessStalled } from './stall.ts'

/**
 * Sends a file to `store/<digest>.part`, from where the host has it already.
 * @param from how many bytes lie there; the last of them are sent again, since they may hold gaps
 */
export async function sendFile(
  remote: Remote,
  file: LocalFile,
  from: number,
  onMoved: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const part = `${remote.state}/store/${file.digest}.part`
  const range = { from: startAfter(from), to: file.size }
  const local = await openHere(remote, file)
  const watched = { host: remote.host.name, what: file.path, patience: remote.patience }
  try {
    const connection = await remote.connection()
    const write = (sftp: Sftp) =>
      unlessStalled(watched, (alive) =>
        withSftpFile(sftp, part, 'write', (there) => {
          const largest = largestPiece(sftp)
          // Made anew for each piece, they would keep the garbage collector busy.
          const spare: Buffer[] = []
          const move = async (position: number, length: number) => {
            const buffer = spare.pop() ?? Buffer.allocUnsafe(largest)
            await there.write(await pieceOf(local, buffer, position, length), position)
            spare.push(buffer)
          }
          const moved = (bytes: number) => {
            alive()
            onMoved(bytes)
          }
          return movePieces(range, move, { largest, signal, onMoved: moved })
        }),
      )
    await connection.sftp(write, signal)
  } catch (error) {
    if (error instanceof Shrunk) throw changedWhileSent(remote, file)
    const refused = error instanceof Failed && error.failure.kind === 'command'
    throw (refused && (await lackOfSpace(remote, part, file.size))) || error
  } finally {
    await local.close()
  }
}

/** Requests may be carried out in any order, so the end of a partial file may hold gaps. */
export function startAfter(size: number): number {
  return Math.max(0, size - unsure)
}

export function changedWhileSent({ host }: Remote, { path }: LocalFile): Failed {
  return new Failed({ kind: 'changed-while-sent', host: host.name, path })
}

class Shrunk extends Error {}

async function openHere(remote: Remote, file: LocalFile): Promise<FileHandle> {
  try {
    return await open(file.path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw changedWhileSent(remote, file)
    throw error
  }
}

async function pieceOf(local: FileHandle, buffer: Buffer, position: number, length: number): Promise<Buffer> {
  const { bytesRead } = await local.read(buffer, 0, length, position)
  if (bytesRead < length) throw new Shrunk()
  return buffer.subarray(0, length)
}
