import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  createReadStream,
  createWriteStream,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs'
import { type Digest, digestOf } from '../model/digest.ts'
import { hashFile } from './hash-big-file.ts'

/** Up to this size, a content is in memory sooner than the system could copy it. */
const smallFile = 64 * 1024

/** Copies a file, over one that may be there; a new one is this user's alone. @returns the digest of what was copied */
export async function copyFile(from: string, to: string, signal?: AbortSignal): Promise<Digest> {
  const content = readSmall(from)
  if (content) {
    writeFileSync(to, content, { mode: 0o600 })
    return digestOf(content)
  }
  return clone(from, to) ? hashFile(to, signal) : copyInPieces(from, to, signal)
}

const piece = Buffer.allocUnsafe(smallFile + 1)

/** A content until the next one is read; undefined where it is not small. */
function readSmall(path: string): Buffer | undefined {
  const file = openSync(path, 'r')
  try {
    let length = 0
    for (let read = -1; read !== 0; length += read)
      read = readSync(file, piece, length, piece.length - length, null)
    return length <= smallFile ? piece.subarray(0, length) : undefined
  } finally {
    closeSync(file)
  }
}

/** Where the file system lets two files share what is the same, that costs neither time nor space. */
function clone(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE)
    return true
  } catch {
    return false // whoever copies it says what is wrong
  }
}

async function copyInPieces(from: string, to: string, signal?: AbortSignal): Promise<Digest> {
  const { pipeline } = await import('node:stream/promises')
  const all = createHash('sha256')
  const piece = { highWaterMark: 1024 * 1024 }
  const hashing = async function* (pieces: AsyncIterable<Buffer>) {
    for await (const one of pieces) {
      all.update(one)
      yield one
    }
  }
  const options = signal ? { signal } : {}
  await pipeline(
    createReadStream(from, piece),
    hashing,
    createWriteStream(to, { ...piece, mode: 0o600 }),
    options,
  ).catch((error: NodeJS.ErrnoException) => {
    // Streams do not say of which file they speak.
    if (error.code) error.path ??= error.syscall === 'read' ? from : to
    throw error
  })
  return all.digest('hex') as Digest
}
