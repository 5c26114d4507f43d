import { randomBytes } from 'node:crypto'
import { basename, posix } from 'node:path'
import { Failed, refuse } from '../../model/failure.ts'
import type { LocalFile, Offer, Progress } from '../../model/host-session.ts'
import type { Verified } from '../checks/inspect.ts'
import { lackOfSpace } from '../remote/free-space.ts'
import { patiently } from '../remote/patiently.ts'
import type { Remote } from '../remote/remote.ts'
import { commandFailure, onHost, runProgram } from '../remote/remote.ts'
import { ensureStateFolder } from '../remote/state-folder.ts'
import { digestHere } from './digest-here.ts'
import { fetchOffered } from './fetch-offered.ts'
import { changedWhileSent, sendFile, startAfter } from './send-file.ts'
import type { Planned } from './upload-plan.ts'
import { listOf, planUpload, toSend } from './upload-plan.ts'
import { placeProgram } from './upload-programs.ts'

/**
 * Puts files into a folder of the host, by their base names. Content that the host has is not sent: it is kept there
 * by its digest, in `store/`. What is sent goes to `store/<digest>.part`, from where a broken transfer goes on; only
 * verified content is renamed to its place.
 * @returns what large files look like there since they were verified, by path less the host's root
 */
export async function uploadFiles(
  remote: Remote,
  files: LocalFile[],
  dir: string,
  progress: Progress,
  signal?: AbortSignal,
  offer?: Offer,
): Promise<Verified> {
  refuseSameNames(files)
  const looks = await bring(remote, files, onHost(remote.host, dir), progress, signal, offer)
  return new Map(
    [...looks].map(([{ path, digest }, signature]) => [
      posix.join(dir, basename(path)),
      { signature, digest },
    ]),
  )
}

/** Leaves files in the store, verified. */
export async function storeFiles(
  remote: Remote,
  files: LocalFile[],
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  await bring(remote, files, '', progress, signal)
}

async function bring(
  remote: Remote,
  files: LocalFile[],
  target: string,
  progress: Progress,
  signal?: AbortSignal,
  offered?: Offer,
): Promise<Looks> {
  await ensureStateFolder(remote)
  let offer = offered
  const bypass = (why: string) => {
    offer?.bypassed(why)
    offer = undefined
  }
  let moved = 0
  const bringOnce = async () => {
    const plan = await planUpload(remote, files, target, signal)
    const { tell, ranges } = told(plan, progress, (bytes) => (moved += bytes))
    const fetched = offer ? await fetchOffered(remote, ranges, offer.addresses, bypass, tell, signal) : []
    for (const range of ranges)
      if (!fetched.includes(range)) await sendFile(remote, range.file, range.from, tell, signal)
    return place(remote, plan, target, signal)
  }
  for (let attempt = 1; ; attempt++) {
    const { looks, damaged } = await patiently(bringOnce, { come: () => moved, signal })
    if (!damaged) return looks
    const here = await digestHere(damaged.file.path).catch(() => 'unreadable')
    if (here !== damaged.file.digest) throw changedWhileSent(remote, damaged.file)
    if (attempt === 2) throw damaged.failed
    if (offer) bypass('what came from there was damaged')
  }
}

/** What is to come, and who tells of it as it comes. */
function told(plan: Planned[], progress: Progress, onMoved: (bytes: number) => void) {
  const ranges = toSend(plan)
  const total = ranges.reduce((sum, { from, to }) => sum + to - startAfter(from), 0)
  let done = 0
  if (ranges.length > 0) progress(0, total)
  const tell = (bytes: number) => {
    onMoved(bytes)
    progress(Math.min((done += bytes), total), total)
  }
  return { ranges, tell }
}

interface Damaged {
  file: LocalFile
  failed: Failed
}

/** What large files look like where they were put. */
type Looks = Map<LocalFile, string>

/** @returns what did not arrive as it was, too: it may be sent once more */
async function place(
  remote: Remote,
  plan: Planned[],
  target: string,
  signal?: AbortSignal,
): Promise<{ looks: Looks; damaged?: Damaged }> {
  const files = plan.filter(({ standing }) => standing.is !== 'placed').map(({ file }) => file)
  if (files.length === 0) return { looks: new Map() }
  const args = [remote.state, target, randomBytes(6).toString('hex')]
  const placed = await runProgram(remote, placeProgram, args, {
    input: listOf(files),
    signal,
    writes: true,
    mayBeRoot: true,
  })
  const lines = placed.stdout.toString().split('\n')
  if (placed.exitCode !== 0) {
    const file = files[lines.length - 1] as LocalFile
    throw (await lackOfSpace(remote, target, file.size)) ?? commandFailure(`cp to ${target}`, placed)
  }
  const at = lines.findIndex((line) => line.startsWith('damaged '))
  if (at < 0) return { looks: looksIn(lines, files) }
  const file = files[at] as LocalFile
  const [, actual = ''] = (lines[at] as string).split(' ')
  const what = `${file.path} on ${remote.host.name}`
  const failed = new Failed({ kind: 'verification', what, expected: file.digest, actual })
  return { looks: new Map(), damaged: { file, failed } }
}

function looksIn(lines: string[], files: LocalFile[]): Looks {
  return new Map(
    files.flatMap((file, index) => {
      const [, signature] = /^placed (.+)/.exec(lines[index] ?? '') ?? []
      return signature === undefined ? [] : [[file, signature]]
    }),
  )
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
