import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Failed } from '../model/failure.ts'
import type { ScriptJob } from '../model/host-session.ts'
import { abortError } from './abort.ts'
import { packJob } from './job-archive.ts'
import { cancelProgram, followProgram, startProgram } from './job-programs.ts'
import type { Remote } from './remote.ts'
import { commandFailure, lastLines, mustRun, runProgram } from './remote.ts'
import { ensureStateFolder } from './state-folder.ts'

/**
 * Runs a script as a job of its own session on the host, which outlives the connection, and streams its log. A job that
 * already runs there is followed; one that ended well while nobody watched is taken as done. A signal ends it on the
 * host, except SIGHUP, which leaves it running.
 */
export async function runScript(remote: Remote, job: ScriptJob): Promise<void> {
  await ensureStateFolder(remote)
  const { id, tar } = await packJob(job)
  const folder = `${remote.state}/jobs/${id}`
  try {
    await patiently(job.signal, () => start(remote, job, id, tar))
    const follower = newFollower(job)
    const end = await patiently(job.signal, () => follow(remote, folder, job.signal, follower), follower)
    if (end !== 0)
      throw new Failed({
        kind: 'script',
        script: job.script,
        exitCode: end,
        signal: null,
        tail: follower.tail(),
      })
  } catch (error) {
    if (!job.signal.aborted) throw error
    if (job.signal.reason !== 'SIGHUP') await cancel(remote, job, folder)
    throw abortError(job.signal)
  }
}

async function start(remote: Remote, job: ScriptJob, id: string, tar: Buffer): Promise<void> {
  const nonce = randomBytes(6).toString('hex')
  const fresh = job.fresh ? 'yes' : 'no'
  const args = [`${remote.state}/jobs`, id, fresh, remote.host.root, nonce, job.script, ...job.args]
  const { stdout } = await mustRun(remote, job.script, startProgram, args, { input: tar })
  const said = remarks[stdout.toString().trim()]
  if (said) job.onOutput('stderr', `${said} (${remote.host.name})\n`)
}

const remarks: Record<string, string | undefined> = {
  running: 'This job already runs on the host: following it.',
  done: 'This job has ended well since an earlier run left it: nothing to do but to show its log.',
  anew: 'The process of an earlier run of this job is gone without a result (killed, or a reboot): starting anew.',
}

interface Follower {
  /** Bytes of the log that have come. */
  offset: number
  take(chunk: Buffer): void
  tail(): string
}

function newFollower(job: ScriptJob): Follower {
  const decoder = new TextDecoder()
  let tail = ''
  return {
    offset: 0,
    take(chunk) {
      this.offset += chunk.length
      const text = decoder.decode(chunk, { stream: true })
      tail = lastLines(tail + text) + (text.endsWith('\n') ? '\n' : '')
      job.onOutput('stdout', text)
    },
    tail: () => lastLines(tail),
  }
}

/** @returns the script's exit code; null when its process is gone without one */
async function follow(
  remote: Remote,
  folder: string,
  signal: AbortSignal,
  follower: Follower,
): Promise<number | null> {
  const followed = await runProgram(remote, followProgram, [folder, String(follower.offset)], {
    signal,
    onStdout: (chunk) => follower.take(chunk),
    answer: (stderr) => (stderr.includes('\n') ? 'seen\n' : undefined),
  })
  const [, code] = /^(?:exit (\d+)|gone)$/m.exec(followed.stderr) ?? []
  if (followed.exitCode !== 0) throw commandFailure(`follow ${folder}`, followed)
  return code === undefined ? null : Number(code)
}

/** Tries again when the connection is lost: three times, or three more whenever something came in between. */
async function patiently<T>(signal: AbortSignal, work: () => Promise<T>, follower?: Follower): Promise<T> {
  let retries = 0
  for (;;) {
    const before = follower?.offset
    try {
      signal.throwIfAborted()
      return await work()
    } catch (error) {
      if (signal.aborted || !isInterruption(error)) throw error
      if (follower && follower.offset !== before) retries = 0
      if (retries === 3) throw error
      await pause(250 * 5 ** retries++, undefined, { signal })
    }
  }
}

function isInterruption(error: unknown): boolean {
  return error instanceof Failed && ['connection-lost', 'unreachable'].includes(error.failure.kind)
}

async function cancel(remote: Remote, job: ScriptJob, folder: string): Promise<void> {
  try {
    await mustRun(remote, `kill ${job.script}`, cancelProgram, [folder])
  } catch (error) {
    const why = error instanceof Failed ? error.failure.kind : String(error)
    job.onOutput(
      'stderr',
      `${job.script} could not be ended on ${remote.host.name} (${why}): it may still run there.\n`,
    )
  }
}
