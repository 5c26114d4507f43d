import { basename } from 'node:path'
import { refuse } from '../../model/failure.ts'
import type { LocalFile } from '../../model/host-session.ts'
import type { Need } from '../remote/free-space.ts'
import { lacking, parseSpace } from '../remote/free-space.ts'
import type { Remote } from '../remote/remote.ts'
import { mustRun } from '../remote/remote.ts'
import { planProgram } from './upload-programs.ts'

/** What the host has of a file: in place, in the store, or so many bytes of it. */
export type Standing = { is: 'placed' } | { is: 'stored' } | { is: 'partial'; size: number }

export interface Planned {
  file: LocalFile
  standing: Standing
}

/**
 * Looks at what the host has. Throws what is in the way of the rest: something else in a file's place, too small a disk.
 * @param target folder of the files; empty for those that are to stay in the store
 */
export async function planUpload(
  remote: Remote,
  files: LocalFile[],
  target: string,
  signal?: AbortSignal,
): Promise<Planned[]> {
  const args = [remote.host.root, remote.state, target]
  const input = listOf(files)
  // It only looks, but for what will write.
  const { stdout } = await mustRun(remote, 'sha256sum', planProgram, args, { input, signal, writes: true })
  const lines = stdout.toString().split('\n')
  const plan = files.map((file, index) => ({ file, standing: standingOf(lines[index]) ?? inTheWay(index) }))
  const [store, place] = lines.slice(files.length).map(parseSpace)
  const needs = needsOf(plan, remote, target)
  const sameDisk = store?.disk === place?.disk
  const lack =
    (store && lacking(remote.host.name, sameDisk ? sumOf(needs) : needs.store, store)) ??
    (place && lacking(remote.host.name, needs.target, place))
  if (lack) throw lack
  return plan

  function inTheWay(index: number): never {
    const path = `${target}/${basename((files[index] as LocalFile).path)}`
    refuse(
      `\`${path}\` on ${remote.host.name} is a ${lines[index]}, and a file is to be put there.`,
      'Remove it there if nothing needs it, or let the task upload into another folder.',
    )
  }
}

function standingOf(line = ''): Standing | undefined {
  const [is, size] = line.split(' ')
  if (is === 'placed' || is === 'stored') return { is }
  return is === 'partial' ? { is, size: Number(size) } : undefined
}

/** What is sent passes through the store, where it stays, and what is put in place may be a copy of that. */
function needsOf(plan: Planned[], remote: Remote, target: string): { store: Need; target: Need } {
  const toPlace = target === '' ? [] : plan.filter(({ standing }) => standing.is !== 'placed')
  return {
    store: needOf(`${remote.state}/store`, toSend(plan)),
    target: needOf(
      target,
      toPlace.map(({ file: { size } }) => ({ from: 0, to: size })),
    ),
  }
}

function needOf(path: string, ranges: { from: number; to: number }[]): Need {
  const bytes = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  return { path, bytes, files: ranges.length }
}

function sumOf({ store, target }: { store: Need; target: Need }): Need {
  return {
    path: store.bytes > 0 ? store.path : target.path,
    bytes: store.bytes + target.bytes,
    files: store.files + target.files,
  }
}

/** What is to come of a file. */
export interface Range {
  file: LocalFile
  from: number
  to: number
}

/** What the host lacks, each content once, however many files have it. */
export function toSend(plan: Planned[]): Range[] {
  const missing = plan.flatMap(({ file, standing }) =>
    standing.is === 'partial' ? [{ file, from: standing.size, to: file.size }] : [],
  )
  return [...new Map(missing.map((range) => [range.file.digest, range])).values()]
}

/** Two lines for each file: digest, size and mode; its name. */
export function listOf(files: LocalFile[]): string {
  return files.map((file) => `${file.digest} ${file.size} ${modeOf(file)}\n${basename(file.path)}\n`).join('')
}

/** What nobody but its owner may read here, nobody else may read there. The rest of a mode is a matter of taste. */
function modeOf({ executable, isPrivate }: LocalFile): string {
  const mode = executable ? 0o755 : 0o644
  return (isPrivate ? mode & 0o700 : mode).toString(8)
}
