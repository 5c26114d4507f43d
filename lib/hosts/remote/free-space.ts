import { Failed } from '../../model/failure.ts'
import type { Executed } from '../ssh/exec.ts'
import type { Remote } from './remote.ts'
import { commandFailure, runProgram } from './remote.ts'
import { space } from './shell-parts.ts'

/** What is free where a path lies, or is to lie. NaN where the host does not say. */
export interface FreeSpace {
  bytes: number
  /** How many files can still be made. */
  files: number
  /** Where the disk is mounted. */
  disk: string
}

/** What is to be written to a path. */
export interface Need {
  path: string
  bytes: number
  files: number
}

/** Reads a line of `space`. */
export function parseSpace(line = ''): FreeSpace {
  const [kilobytes, files, ...disk] = line.split(' ')
  return {
    bytes: Number(kilobytes || Number.NaN) * 1024,
    files: Number(files || Number.NaN),
    disk: disk.join(' '),
  }
}

/** The failure of what does not fit; undefined where it does, or nobody can tell. */
export function lacking(host: string, { path, ...needed }: Need, free: FreeSpace): Failed | undefined {
  if (free.bytes < needed.bytes)
    return new Failed({ kind: 'no-space', host, path, needed: needed.bytes, free: free.bytes })
  return free.files < needed.files
    ? new Failed({ kind: 'no-space', host, path, noMoreFiles: true })
    : undefined
}

/** Whether a failed write is explained by a full disk: asked of the disk, since SFTP and locales word it in many ways. */
export async function lackOfSpace(remote: Remote, path: string, bytes: number): Promise<Failed | undefined> {
  const { stdout } = await runProgram(remote, freeSpaceProgram, [path])
  return lacking(remote.host.name, { path, bytes, files: 1 }, parseSpace(stdout.toString().trim()))
}

/**
 * Runs a program that writes its input to a path, and is expected to succeed: `what` names it to a reader of its failure,
 * unless that is a full disk.
 */
export async function mustWrite(
  remote: Remote,
  path: string,
  what: string,
  program: string,
  args: string[],
  input: Buffer,
): Promise<Executed> {
  const executed = await runProgram(remote, program, args, { input, writes: true })
  if (executed.exitCode === 0) return executed
  throw (await lackOfSpace(remote, path, input.length)) ?? commandFailure(what, executed)
}

export const freeSpaceProgram = `${space}
space "$1"
`
