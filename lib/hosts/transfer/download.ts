import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Failed, refuse } from '../../model/failure.ts'
import type { FileState } from '../../model/file-state.ts'
import type { Progress } from '../../model/host-session.ts'
import { normalPattern } from '../../model/pattern.ts'
import { digestFiles, patternToRegExp } from '../checks/digest.ts'
import { patiently } from '../remote/patiently.ts'
import type { Remote } from '../remote/remote.ts'
import { onHost } from '../remote/remote.ts'
import { digestHere } from './digest-here.ts'
import { movePieces, unsure } from './pieces.ts'
import type { Sftp } from './sftp-file.ts'
import { largestPiece, withSftpFile } from './sftp-file.ts'
import { unlessStalled } from './stall.ts'

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
    await fetchFile(remote, file, dir, (bytes) => progress(Math.min((done += bytes), total), total), signal)
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
    const actual = await digestHere(temp)
    if (actual !== file.digest)
      throw new Failed({
        kind: 'verification',
        what: `${file.path} of ${remote.host.name}`,
        expected: file.digest,
        actual,
      })
    const rights = file.executable ? 0o755 : 0o644
    await chmod(temp, file.isPrivate ? rights & 0o700 : rights)
    await rename(temp, join(dir, file.name))
  } finally {
    await rm(temp, { force: true })
  }
}

/** After an interruption it goes on where it was, less what may hold gaps. */
async function fetchInto(
  temp: string,
  remote: Remote,
  file: Wanted,
  onMoved: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const watched = { host: remote.host.name, what: file.path, patience: remote.patience }
  const local = await open(temp, 'wx', 0o600)
  let come = 0
  const fetchRest = async () => {
    const { size } = await local.stat()
    const range = { from: Math.max(0, size - unsure), to: file.size }
    const connection = await remote.connection()
    const read = (sftp: Sftp) =>
      unlessStalled(watched, (alive) =>
        withSftpFile(sftp, onHost(remote.host, file.path), 'read', (there) => {
          const move = async (position: number, length: number) => {
            const bytes = await there.read(position, length)
            await local.write(bytes, 0, bytes.length, position)
          }
          const moved = (bytes: number) => {
            alive()
            come += bytes
            onMoved(bytes)
          }
          return movePieces(range, move, { largest: largestPiece(sftp), signal, onMoved: moved })
        }),
      )
    await connection.sftp(read, signal)
  }
  try {
    await patiently(fetchRest, { come: () => come, signal })
  } finally {
    await local.close()
  }
}
