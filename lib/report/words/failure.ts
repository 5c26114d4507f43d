import type { Failure } from '../../model/failure.ts'
import { unreachable } from '../../model/unreachable.ts'
import { bytes } from './bytes.ts'
import type { Explained } from './explained.ts'
import { fileFaultInWords } from './file-fault.ts'
import { holderInWords } from './lease-holder.ts'

/** A failure in words. `what` is a clause that follows the instance's name: “`compile` failed: …”. */
export function failureInWords(failure: Failure): Explained {
  switch (failure.kind) {
    case 'command':
      return { what: `the command \`${shortened(failure.command)}\` ${ended(failure)}`, detail: failure.tail }
    case 'not-started':
      return notStarted(failure)
    case 'script':
      return { what: `the script \`${failure.script}\` ${ended(failure)}`, detail: failure.tail }
    case 'job-lost':
      return jobLost(failure)
    case 'timed-out':
      return {
        what: `it was stopped after ${failure.after}, its time limit`,
        next: 'If it needs longer, raise `timeout` in its task file.',
      }
    case 'stuck':
      return {
        what: 'it waits for something that can no longer come',
        next: 'A promise in its `run` is never kept: look for a callback that nobody calls.',
      }
    case 'output-not-made':
      return {
        what: `it ended well but did not make its output \`${failure.path}\``,
        next: 'Make that file in the task, or correct `outputs` in its task file.',
      }
    case 'file-fault':
      return fileFaultInWords(failure)
    case 'unreachable':
      return {
        what: `host \`${failure.host}\` (${failure.address}) cannot be reached: ${failure.detail}`,
        next: `Check that it is up and that \`ssh ${failure.address}\` works from here, then run again${goesOn(failure)}.`,
      }
    case 'authentication':
      return {
        what: `host \`${failure.host}\` (${failure.address}) does not admit user \`${failure.user}\`: ${failure.detail}`,
        next:
          `Check that \`ssh ${failure.user}@${failure.address}\` works without a password, ` +
          'and `user` and `ssh.identity` in the cluster file.',
      }
    case 'host-key':
      return hostKey(failure)
    case 'no-space':
      return noSpace(failure)
    case 'stalled':
      return {
        what: `\`${failure.host}\` stopped answering: ${failure.detail}`,
        next: 'Check the host and the network, then run again: it goes on where it stopped.',
      }
    case 'verification':
      return {
        what: `${failure.what} is not what was promised, so it is not used`,
        detail: `expected ${failure.expected}\n     got ${failure.actual}`,
        next: 'If the new content is right, correct the expected digest; if not, find out where it comes from.',
      }
    case 'changed-while-sent':
      return {
        what: `\`${failure.path}\` changed while it was sent to \`${failure.host}\`, where nothing of it is used`,
        next: 'Run again when nothing writes to it any more.',
      }
    case 'download':
      return {
        what: `\`${failure.url}\` cannot be downloaded: ${failure.detail}`,
        next: 'Check the address and the network, or give the file itself (`file` or `folder` of the download).',
      }
    case 'connection-lost':
      return {
        what: `the connection to \`${failure.host}\` was lost`,
        next: `Run again${goesOn(failure)}.`,
      }
    case 'lease-held':
      return {
        what: `${holderInWords(failure.by)} is deploying to this cluster`,
        next: 'Wait for its end, or add `--wait` to go on when it has ended.',
      }
    case 'fenced':
      return {
        what: `\`${failure.host}\` obeys another run, which has taken the lease of this cluster since`,
        next: 'Nothing was changed there. Run again when that run has ended: `--wait` waits for it.',
      }
    case 'refused':
      return { what: failure.problem, next: failure.advice }
    case 'bad-task':
      return { what: `\`${failure.field}\` ${failure.problem} (${failure.file})`, next: failure.advice }
    case 'crash':
      return {
        what: `it threw an error that nobody expected: ${failure.message}`,
        ...(failure.stack && { detail: failure.stack }),
        next: 'This is a bug in the task, or in the engine below it.',
      }
    default:
      return unreachable(failure)
  }
}

/** As a clause of another sentence, which has said already that something failed. */
export function brieflyInWords(failure: Failure): string {
  return failure.kind === 'crash' ? failure.message : failureInWords(failure).what
}

function goesOn({ job }: { job?: string }): string {
  return job === undefined ? '' : `: unless it is down, \`${job}\` goes on there, and is followed`
}

function jobLost({ host, script, rebooted, tail }: Extract<Failure, { kind: 'job-lost' }>): Explained {
  const how = rebooted ? `host \`${host}\` was started anew` : `something on \`${host}\` killed its process`
  return {
    what: `the script \`${script}\` did not come to its end: ${how}`,
    detail: tail,
    next: rebooted
      ? 'Run again, and it is started anew.'
      : 'Run again, and it is started anew. If nobody killed it, look there for a want of memory (`dmesg`).',
  }
}

function noSpace(failure: Extract<Failure, { kind: 'no-space' }>): Explained {
  const { host, path, needed, free, noMoreFiles } = failure
  if (noMoreFiles)
    return {
      what: `no more files can be made on \`${host}\` for \`${path}\`: its disk has no inodes left`,
      next: 'Remove some files there (`df -i` shows which disk it is), then run again.',
    }
  const figures =
    needed !== undefined && free !== undefined
      ? `: it takes ${bytes(needed)}, and ${bytes(free)} are free`
      : ''
  return {
    what: `no space is left on \`${host}\` for \`${path}\`${figures}`,
    next: 'Free some space there (`df -h` shows where it went), then run again.',
  }
}

function hostKey(failure: Extract<Failure, { kind: 'host-key' }>): Explained {
  const { host, fingerprint } = failure
  if ('revoked' in failure)
    return {
      what: `host \`${host}\` shows a key that is marked @revoked (${failure.revoked})`,
      detail: fingerprint,
      next: 'Whoever has that key may be an impostor: give the host a new key, or ask who revoked this one.',
    }
  const { known, authority, accept } = failure
  if (known)
    return {
      what: `host \`${host}\` shows another key than the one known for it`,
      detail: `known ${known}\nshown ${fingerprint}`,
      next:
        'Somebody may be in between. If the host was reinstalled, and only then, ' +
        `replace its key:\n  ${accept}`,
    }
  const why =
    authority &&
    `: it is to be trusted by a certificate (@cert-authority in ${authority}), which is not supported`
  return {
    what: `host \`${host}\` shows a key that is not known here${why ?? ''}`,
    detail: fingerprint,
    next: `Compare it with the host's own (\`ssh-keygen -lf\` there). If they agree, accept it:\n  ${accept}`,
  }
}

function notStarted({ command, code }: Extract<Failure, { kind: 'not-started' }>): Explained {
  const what = `the command \`${shortened(command)}\` could not be started`
  switch (code) {
    case 'E2BIG':
      return {
        what: `${what}: it is longer than the system allows`,
        next: 'Write its long arguments to a file, and let it read that.',
      }
    case 'ENOENT':
      return {
        what: `${what}: there is no bash on the PATH, or no such folder to start it in`,
        next: 'Install bash, or correct `cwd`.',
      }
    default:
      return {
        what: `${what} (${code})`,
        next: 'The system may be short of memory or processes: run again later.',
      }
  }
}

function ended({ exitCode, signal }: { exitCode: number | null; signal: string | null }): string {
  if (signal) return `was ended by ${signal}`
  return exitCode === null ? 'ended without an exit code' : `exited with ${exitCode}`
}

function shortened(command: string): string {
  const [first = '', ...more] = command.trim().split('\n')
  return more.length > 0 || first.length > 160 ? `${first.slice(0, 160).trimEnd()} …` : first
}
