import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { Failed, refuse } from '../model/failure.ts'
import type { LocalFile, Progress } from '../model/host-session.ts'
import { lackOfSpace } from './free-space.ts'
import { movePieces, unsure } from './pieces.ts'
import type { Remote } from './remote.ts'
import { commandFailure, onHost, runProgram } from './remote.ts'
import type { Sftp } from './sftp-file.ts'
import { withSftpFile } from './sftp-file.ts'
import { ensureStateFolder } from './state-folder.ts'
import type { Planned, Standing } from './upload-plan.ts'
import { listOf, planUpload } from './upload-plan.ts'
import { placeProgram } from './upload-programs.ts'

/**
 * Puts files into a folder of the host, by their base names. Content that the host has is not sent: it is kept there
 * by its digest, in `store/`. What is sent goes to `store/<digest>.part`, from where a broken transfer goes on; only
 * verified content is renamed to its place.
 */
export async function uploadFiles(
  remote: Remote,
  files: LocalFile[],
  dir: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  refuseSameNames(files)
  await ensureStateFolder(remote)
  const target = onHost(remote.host, dir)
  for (let attempt = 1; ; attempt++) {
    const plan = await planUpload(remote, files, target, signal)
    await send(remote, plan, progress, signal)
    const damaged = await place(remote, plan, target, signal)
    if (!damaged) return
    if (attempt === 2) throw damaged
  }
}

async function send(
  remote: Remote,
  plan: Planned[],
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const missing = plan.filter(({ standing: { is } }) => is === 'partial' || is === 'absent')
  const once = [...new Map(missing.map((planned) => [planned.file.digest, planned])).values()]
  const ranges = once.map(({ file, standing }) => ({ file, from: startOf(file, standing) }))
  const total = ranges.reduce((sum, { file, from }) => sum + file.size - from, 0)
  let done = 0
  if (missing.length > 0) progress(0, total)
  for (const { file, from } of ranges)
    await sendFile(remote, file, from, (bytes) => progress((done += bytes), total), signal)
}

/** Requests may be carried out in any order, so the end of a partial file may hold gaps: it is sent again. */
function startOf(file: LocalFile, standing: Standing): number {
  return standing.is === 'partial' && standing.size <= file.size ? Math.max(0, standing.size - unsure) : 0
}

async function sendFile(
  remote: Remote,
  file: LocalFile,
  from: number,
  onMoved: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const part = `${remote.state}/store/${file.digest}.part`
  const host = remote.host.name
  const local = await open(file.path)
  try {
    const connection = await remote.connection()
    const write = (sftp: Sftp) =>
      withSftpFile(sftp, part, from > 0 ? 'r+' : 'w', (there) => {
        const move = async (position: number, length: number) => {
          const { buffer, bytesRead } = await local.read(Buffer.allocUnsafe(length), 0, length, position)
          if (bytesRead < length) throw changedHere(file, position + bytesRead)
          await there.write(buffer, position)
        }
        return movePieces({ from, to: file.size }, move, { host, what: file.path, signal, onMoved })
      })
    await connection.sftp(write, signal)
  } catch (error) {
    const refused = error instanceof Failed && error.failure.kind === 'command'
    throw (refused && (await lackOfSpace(remote, part, file.size))) || error
  } finally {
    await local.close()
  }
}

/** @returns the failure of content that did not arrive as it was; it may be sent once more */
async function place(
  remote: Remote,
  plan: Planned[],
  target: string,
  signal?: AbortSignal,
): Promise<Failed | undefined> {
  const files = plan.filter(({ standing }) => standing.is !== 'placed').map(({ file }) => file)
  if (files.length === 0) return undefined
  const args = [remote.state, target, randomBytes(6).toString('hex')]
  const placed = await runProgram(remote, placeProgram, args, { input: listOf(files), signal })
  const lines = placed.stdout.toString().split('\n')
  if (placed.exitCode !== 0) {
    const file = files[lines.length - 1] as LocalFile
    throw (await lackOfSpace(remote, target, file.size)) ?? commandFailure(`cp to ${target}`, placed)
  }
  const at = lines.findIndex((line) => line.startsWith('damaged '))
  if (at < 0) return undefined
  const file = files[at] as LocalFile
  const what = `${file.path} on ${remote.host.name}`
  return new Failed({
    kind: 'verification',
    what,
    expected: file.digest,
    actual: (lines[at] as string).slice(8),
  })
}

function refuseSameNames(files: LocalFile[]): void {
  const names = files.map(({ path }) => basename(path))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    refuse(`Two files named ${twice} cannot be put into one folder.`, 'Upload them into different folders.')
  const broken = names.find((name) => name.includes('\n'))
  if (broken !== undefined)
    refuse(`The file name ${JSON.stringify(broken)} holds a line break.`, 'Rename the file.')
}

function changedHere(file: LocalFile, size: number): Failed {
  return new Failed({
    kind: 'verification',
    what: `${file.path}, which changed while it was sent`,
    expected: `${file.size} bytes`,
    actual: `${size} bytes`,
  })
}
