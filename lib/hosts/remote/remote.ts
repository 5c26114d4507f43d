import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { Failed, refuse } from '../../model/failure.ts'
import type { Host } from '../../model/host.ts'
import type { Connection } from '../ssh/connection.ts'
import type { CommandOptions, Executed } from '../ssh/exec.ts'
import { execute } from '../ssh/exec.ts'
import { programLine } from '../ssh/quote.ts'
import { fence, fenced, needsDigests, needsPassword } from './shell-parts.ts'
import { takeSudoPassword } from './sudo.ts'

/** What a fleet's sessions have in common: the token of the lease that it holds. */
export interface Hold {
  token?: number
}

/** A host as the rest of this folder works with it. */
export interface Remote {
  readonly host: Host
  /** Absolute path of all that we keep on the host, its root included. */
  readonly state: string
  readonly hold: Hold
  /** With which sudo lets the login user become root, where it asks for one. */
  readonly sudoPassword: string | undefined
  /** The connection that stands, or a new one when it was lost. */
  connection(): Promise<Connection>
  readonly pace: Pace
  /** Milliseconds without progress after which a transfer is stalled. */
  readonly patience: number
}

/** Lets a stream flow no faster than what comes from it is read: what is not read yet lies in memory. */
export type Pace = (stream: Readable) => void

export interface ProgramOptions extends CommandOptions {
  /** It changes the host: refused where another run has taken the lease of ours, see `fence`. */
  writes?: boolean
  /** It may become root by sudo. */
  mayBeRoot?: boolean
}

/**
 * Runs a program of POSIX sh. Its exit code is the caller's to judge, but for those that say what the host lacks, and that
 * the lease is lost.
 */
export async function runProgram(
  remote: Remote,
  program: string,
  args: string[],
  options: ProgramOptions = {},
): Promise<Executed> {
  const { line, input } = callOf(remote, program, args, options)
  const executed = await execute(await remote.connection(), line, { ...options, ...input })
  if (executed.exitCode === needsPassword) refuseWithoutRoot(remote, executed)
  if (executed.exitCode === needsDigests) refuseWithoutDigests(remote)
  if (options.writes) refuseFenced(remote, executed)
  return executed
}

/** The same for a program that is expected to succeed: `what` names it to a reader of its failure. */
export async function mustRun(
  remote: Remote,
  what: string,
  program: string,
  args: string[],
  options: ProgramOptions = {},
): Promise<Executed> {
  const executed = await runProgram(remote, program, args, options)
  if (executed.exitCode !== 0) throw commandFailure(what, executed)
  return executed
}

const shownLength = 64 * 1024

export function commandFailure(command: string, { exitCode, signal, stderr }: Executed): Failed {
  return new Failed({ kind: 'command', command, exitCode, signal, tail: lastLines(stderr) })
}

/** The last twenty lines, and of lines that never end a bounded part. */
export function lastLines(text: string): string {
  return text.slice(-shownLength).trimEnd().split('\n').slice(-20).join('\n')
}

/** An absolute path of a task, under the host's root. */
export function onHost(host: Host, path: string): string {
  return `${host.root}${posix.normalize(path)}`
}

/** The command line of a program and its input, with what comes before both. */
export function callOf(
  { state, hold, sudoPassword }: Remote,
  program: string,
  args: string[],
  { writes, mayBeRoot, input }: ProgramOptions,
): { line: string; input: Pick<CommandOptions, 'input'> } {
  const fenced = writes ? `${fence}${program}` : program
  const given = writes ? [state, `${hold.token ?? ''}`, ...args] : args
  if (!mayBeRoot || sudoPassword === undefined)
    return { line: programLine(fenced, given), input: input === undefined ? {} : { input } }
  if (input instanceof Readable) throw new Error('what may be root has no stream as its input')
  const rest = Buffer.from(input ?? '')
  return {
    line: programLine(`${takeSudoPassword}${fenced}`, given),
    input: { input: Buffer.concat([Buffer.from(`${sudoPassword}\n`), rest]) },
  }
}

/** A command of the task's own may end with the same code: hence the words. */
export function refuseFenced({ host }: Remote, { exitCode, stderr }: Executed): void {
  if (exitCode === fenced && /^token \d+ is past: \d+ has been here$/m.test(stderr))
    throw new Failed({ kind: 'fenced', host: host.name })
}

function refuseWithoutRoot({ host, sudoPassword }: Remote, { stderr }: Executed): never {
  const what = `${stderr.trim().split('\n').at(-1)} on ${host.name} needs root`
  if (sudoPassword !== undefined)
    refuse(
      `${what}, and sudo there does not take the password that was given.`,
      `Check the password, and that \`${host.user}\` may use sudo there.`,
    )
  refuse(
    `${what}, and sudo there asks for a password.`,
    'Give it (`--ask-sudo-password`, or `ssh.sudoPasswordFile` in the cluster file), let the login user run sudo without one ' +
      '(`NOPASSWD` in sudoers), log in as root, or give the folder to the login user.',
  )
}

function refuseWithoutDigests({ host }: Remote): never {
  refuse(
    `${host.name} has no program that makes SHA-256 digests.`,
    'Install one there: `sha256sum` (coreutils), `openssl`, `busybox`, `python` or `perl`.',
  )
}
