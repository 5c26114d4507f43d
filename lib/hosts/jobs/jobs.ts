import { randomBytes } from 'node:crypto'
import type { Failure } from '../../model/failure.ts'
import { Failed } from '../../model/failure.ts'
import type { JobsToEnd, ScriptJob } from '../../model/host-session.ts'
import { leaseLost } from '../../model/lease.ts'
import { lackOfSpace, mustWrite } from '../remote/free-space.ts'
import { patiently } from '../remote/patiently.ts'
import type { Remote } from '../remote/remote.ts'
import { commandFailure, lastLines, mustRun, runProgram } from '../remote/remote.ts'
import { ensureFence, ensureStateFolder } from '../remote/state-folder.ts'
import { sudoEnvironment } from '../remote/sudo.ts'
import { abortError } from '../ssh/abort.ts'
import { keyLength, packJob } from './job-archive.ts'
import { type Follower, newFollower } from './job-follower.ts'
import { endProgram, followProgram, settleProgram, startProgram } from './job-programs.ts'

/**
 * Runs a script as a job of its own session on the host, which outlives the connection, and streams its log. A job that
 * already runs there is followed; one that ended well is taken as done until it is settled. A signal ends it on the
 * host, except SIGHUP and the loss of the lease, which leave it running.
 */
export async function runScript(remote: Remote, job: ScriptJob): Promise<void> {
  await ensureStateFolder(remote)
  const { signal } = job
  const env = { ...job.env, ...sudoEnvironment(remote.sudoPassword) }
  const { id, tar } = await packJob({ ...job, env })
  try {
    const isTakenUp = await patiently(() => start(remote, job, id, tar), { come: () => 0, signal })
    const follower = newFollower(job, id, isTakenUp)
    await patiently(() => follow(remote, job, id, follower), { come: () => follower.offset, signal })
  } catch (error) {
    if (!signal.aborted) throw isInterruption(error) ? goesOn(error, job) : error
    if (!leavesJobs.includes(signal.reason)) await cancel(remote, job)
    throw abortError(signal)
  }
}

/** Why a run may be aborted without ending its jobs: a later one follows them. */
const leavesJobs: unknown[] = ['SIGHUP', leaseLost]

/**
 * Ends what still runs of a task's jobs, but for those of one key, lest two of them are at work at once. From then on no
 * run takes what they did as done.
 */
export async function endJobs(remote: Remote, { task, except, onOutput }: JobsToEnd): Promise<void> {
  await ensureFence(remote)
  const args = [jobsFolder(remote), task, except?.slice(0, keyLength) ?? '']
  const { stdout } = await mustRun(remote, `end jobs of ${task}`, endProgram, args, { writes: true })
  const ended = stdout.toString().split('\n').length - 1
  if (ended > 0)
    onOutput('stderr', `Ended on ${remote.host.name}: what an earlier run of \`${task}\` still did there.\n`)
}

/** Once it is known how a task ended: no run takes what its jobs did as done. */
export async function settleJobs(remote: Remote, task: string): Promise<void> {
  await ensureFence(remote)
  await mustRun(remote, `settle jobs of ${task}`, settleProgram, [jobsFolder(remote), task], {
    writes: true,
  })
}

function jobsFolder({ state }: Remote): string {
  return `${state}/jobs`
}

/** @returns whether an earlier run has started it */
async function start(remote: Remote, job: ScriptJob, id: string, tar: Buffer): Promise<boolean> {
  const nonce = randomBytes(6).toString('hex')
  const folder = jobsFolder(remote)
  const args = [folder, id, remote.host.root, nonce, job.script, ...job.args]
  const { stdout } = await mustWrite(remote, folder, job.script, startProgram, args, tar)
  const answer = stdout.toString().trim()
  const said = remarks[answer]
  if (said) job.onOutput('stderr', `${said} (${remote.host.name})\n`)
  return ['running', 'done'].includes(answer)
}

const remarks: Record<string, string | undefined> = {
  running: 'This job already runs on the host: following it.',
  done: 'This job has ended well since an earlier run left it: nothing to do but to show the rest of its log.',
  killed: 'The process of an earlier run of this job is gone without a result (killed): starting anew.',
  rebooted: 'The host has started anew since an earlier run of this job, which is gone: starting anew.',
}

/** Streams the log to its end. Throws where that is not the end of a job that ended well. */
async function follow(remote: Remote, job: ScriptJob, id: string, follower: Follower): Promise<void> {
  const folder = `${jobsFolder(remote)}/${id}`
  const followed = await runProgram(remote, followProgram, [folder, String(follower.offset)], {
    signal: job.signal,
    onStdout: (chunk, stream) => {
      follower.take(chunk)
      remote.pace(stream)
    },
  })
  const [, end, code, tail = ''] = /^(exit (\d+)|killed|rebooted)\n([\s\S]*)/m.exec(followed.stderr) ?? []
  if (followed.exitCode !== 0 || end === undefined) throw commandFailure(`follow ${folder}`, followed)
  follower.end()
  if (code !== undefined) {
    if (code === '0') return
    const exitCode = Number(code)
    throw new Failed({ kind: 'script', script: job.script, exitCode, signal: null, tail: lastLines(tail) })
  }
  // No result can be written to a full disk.
  if (end === 'killed' && (await lackOfSpace(remote, folder, 1)))
    throw new Failed({ kind: 'no-space', host: remote.host.name, path: folder })
  throw new Failed({
    kind: 'job-lost',
    host: remote.host.name,
    script: job.script,
    rebooted: end === 'rebooted',
    tail: lastLines(tail),
  })
}

type Interruption = Extract<Failure, { kind: 'connection-lost' | 'unreachable' }>

function isInterruption(error: unknown): error is Failed & { failure: Interruption } {
  return error instanceof Failed && ['connection-lost', 'unreachable'].includes(error.failure.kind)
}

/** What is out of reach has not ended. */
function goesOn({ failure }: { failure: Interruption }, { script }: ScriptJob): Failed {
  return new Failed({ ...failure, job: script })
}

/** All of the task's jobs: its attempt is over. */
async function cancel(remote: Remote, { task, script, onOutput }: ScriptJob): Promise<void> {
  try {
    await endJobs(remote, { task, onOutput() {} })
  } catch (error) {
    // Whoever has the lease now may follow it.
    if (error instanceof Failed && error.failure.kind === 'fenced') return
    const why = error instanceof Failed ? error.failure.kind : String(error)
    onOutput(
      'stderr',
      `${script} could not be ended on ${remote.host.name} (${why}): it may still run there.\n`,
    )
  }
}
