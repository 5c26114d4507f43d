import { posix } from 'node:path'
import { Failed } from '../model/failure.ts'
import type { FactValue } from '../model/host.ts'
import type { HostSession, LocalFile, Offer, ScriptJob } from '../model/host-session.ts'
import { nearest } from '../model/nearest.ts'
import { redacted } from '../model/redact.ts'
import type { RemoteHost, ScriptOptions } from '../model/task.ts'

/** What a script job needs besides its name and arguments. Absent for a probe, which may only read. */
export interface Writing {
  task: string
  job: Pick<ScriptJob, 'task' | 'key' | 'env' | 'onOutput' | 'heard'>
  /** Declared inputs under `remote-scripts/`: name → absolute path. */
  scripts: Record<string, string>
  localFile(path: string): LocalFile
  /** Another way for files to come to this host. */
  offer(files: LocalFile[]): Promise<Offer | undefined>
  absolute(path: string): string
  progress(done: number, total: number): void
}

interface RemoteHostOptions {
  session: HostSession
  facts: Record<string, FactValue>
  signal: AbortSignal
  secrets: string[]
  writing?: Writing
}

/** The host as a task's `run` and `probe` see it. */
export function remoteHost({ session, facts, signal, secrets, writing }: RemoteHostOptions): RemoteHost {
  const timesBefore = counter()
  const ask = async (argv: string[]) => {
    refuseSecrets(argv, secrets, session)
    return session.exec(argv, { signal, writes: writing !== undefined })
  }
  const write = (): Writing => {
    if (writing) return writing
    throw new Failed({
      kind: 'refused',
      problem: 'A probe only reads.',
      advice: 'Use `host.ask`, `host.exec` with a reading command, or `host.read`.',
    })
  }
  return {
    ...session.host,
    facts,
    ask: async (argv) => {
      const { exitCode, stdout, stderr } = await ask(argv)
      return { exitCode: exitCode ?? 255, stdout, stderr }
    },
    exec: async (argv) => {
      const { exitCode, signal, stdout, stderr } = await ask(argv)
      if (exitCode === 0) return stdout
      throw new Failed({
        kind: 'command',
        command: argv.join(' '),
        exitCode,
        signal,
        tail: (stderr || stdout).trimEnd(),
      })
    },
    read: (path) => session.read(path),
    upload: async (paths, dir) => {
      const { localFile, progress, offer } = write()
      const files = paths.map(localFile)
      await session.upload(files, dir, progress, signal, await offer(files))
    },
    download: (paths, dir) => session.download(paths, write().absolute(dir), write().progress, signal),
    script: async (name, options = {}) => {
      const job = scriptJob(name, options, write(), signal)
      refuseSecrets(job.args, secrets, session)
      await session.runScript({ ...job, nth: timesBefore(job) })
    },
  }
}

/** Counts how often it was asked about the same script with the same arguments before. */
function counter(): (job: Pick<ScriptJob, 'script' | 'args'>) => number {
  const counts = new Map<string, number>()
  return ({ script, args }) => {
    const what = JSON.stringify([script, args])
    const count = counts.get(what) ?? 0
    counts.set(what, count + 1)
    return count
  }
}

/** Everybody on a host can read the command lines of its processes. */
function refuseSecrets(argv: string[], secrets: string[], { host }: HostSession): void {
  if (argv.every((word) => redacted(word, secrets) === word)) return
  throw new Failed({
    kind: 'refused',
    problem: `A command line would show a secret to everybody on ${host.name}.`,
    advice: 'Let a script of `remote-scripts/` read it from its environment, where declared secrets are.',
  })
}

function scriptJob(
  script: string,
  { env, args }: ScriptOptions,
  { task, job, scripts }: Writing,
  signal: AbortSignal,
): Omit<ScriptJob, 'nth'> {
  if (!Object.hasOwn(scripts, script)) {
    const meant = nearest(script, Object.keys(scripts))[0]
    throw new Failed({
      kind: 'refused',
      problem: `Task \`${task}\` runs \`${script}\`, which is not among its \`inputs.files\`.`,
      advice: meant
        ? `Did you mean \`${meant}\`?`
        : `Add \`${posix.join('remote-scripts', script)}\` there: the task must run again when it changes.`,
    })
  }
  return { ...job, script, files: scripts, args: args ?? [], env: { ...job.env, ...env }, signal }
}
