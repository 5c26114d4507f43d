import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Failed, refuse } from '../model/failure.ts'
import type { FileState } from '../model/file-state.ts'
import type { Progress } from '../model/host-session.ts'
import { normalPattern } from '../model/pattern.ts'
import { digestFiles, patternToRegExp } from './digest.ts'
import { movePieces } from './pieces.ts'
import type { Remote } from './remote.ts'
import { onHost } from './remote.ts'
import type { Sftp } from './sftp-file.ts'
import { withSftpFile } from './sftp-file.ts'

type Wanted = { path: string; name: string } & Exclude<FileState, { link: string }>

/** Brings files of the host into a local folder, by their base names: to a temporary name, verified, then renamed. */
export async function downloadFiles(
  remote: Remote,
  patterns: string[],
  dir: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = await filesToFetch(remote, patterns)
  await mkdir(dir, { recursive: true })
  const total = wanted.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  progress(0, total)
  for (const file of wanted)
    await fetchFile(remote, file, dir, (bytes) => progress((done += bytes), total), signal)
}

async function filesToFetch(remote: Remote, patterns: string[]): Promise<Wanted[]> {
  const found = await digestFiles(remote, patterns)
  for (const pattern of patterns.map(normalPattern))
    if (![...found.keys()].some((path) => patternToRegExp(pattern).test(path)))
      refuse(`Nothing on ${remote.host.name} matches ${pattern}.`, 'See the log of the task that makes it.')
  const names = new Map<string, string>()
  return [...found].map(([path, { state }]) => {
    const name = basename(path)
    if ('link' in state)
      refuse(`${path} on ${remote.host.name} is a link to ${state.link}.`, 'Name the file that it points to.')
    if (names.has(name))
      refuse(`${names.get(name)} and ${path} have the same name.`, 'Bring them home into different folders.')
    names.set(name, path)
    return { path, name, ...state }
  })
}

async function fetchFile(
  remote: Remote,
  file: Wanted,
  dir: string,
  onMoved: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const temp = join(dir, `.${file.name}.${randomBytes(6).toString('hex')}.part`)
  try {
    await fetchInto(temp, remote, file, onMoved, signal)
    const actual = await digestOfFile(temp)
    if (actual !== file.digest)
      throw new Failed({
        kind: 'verification',
        what: `${file.path} of ${remote.host.name}`,
        expected: file.digest,
        actual,
      })
    await chmod(temp, file.executable ? 0o755 : 0o644)
    await rename(temp, join(dir, file.name))
  } finally {
    await rm(temp, { force: true })
  }
}

async function fetchInto(
  temp: string,
  remote: Remote,
  file: Wanted,
  onMoved: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const host = remote.host.name
  const local = await open(temp, 'wx')
  try {
    const connection = await remote.connection()
    const read = (sftp: Sftp) =>
      withSftpFile(sftp, onHost(remote.host, file.path), 'r', (there) => {
        const move = async (position: number, length: number) => {
          const bytes = await there.read(position, length)
          await local.write(bytes, 0, bytes.length, position)
        }
        return movePieces({ from: 0, to: file.size }, move, { host, what: file.path, signal, onMoved })
      })
    await connection.sftp(read, signal)
  } finally {
    await local.close()
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
