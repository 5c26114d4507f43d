import type { Diagnosis, Finding } from '../../model/diagnosis.ts'
import type { Failure } from '../../model/failure.ts'
import { unreachable } from '../../model/unreachable.ts'
import { bytes } from './bytes.ts'
import { count } from './count.ts'
import { duration } from './duration.ts'
import type { Explained } from './explained.ts'
import { failureInWords } from './failure.ts'
import { inCode, inList } from './list.ts'
import { problemInWords } from './problem.ts'

/** What was found, as a clause, and what to do about it where something is the matter. */
export function diagnosisInWords(finding: Finding): Explained {
  switch (finding.kind) {
    case 'node':
      return {
        what: `Node is of version ${finding.version}, and must be ${finding.least} or newer`,
        next: 'Install a newer one: https://nodejs.org/en/download.',
      }
    case 'ssh':
      return finding.version === null
        ? {
            what: 'the OpenSSH client (`ssh`), whose configuration says how to reach the hosts, is not installed',
            next: 'Install it (Debian, Ubuntu: `apt-get install openssh-client`).',
          }
        : { what: finding.version }
    case 'agent':
      return finding.keys === null
        ? {
            what: 'there should be an SSH agent at `SSH_AUTH_SOCK`, and none answers',
            next: 'Start one (`eval "$(ssh-agent)"`, then `ssh-add`), or unset that variable.',
          }
        : { what: `the SSH agent offers ${count(finding.keys, 'key')}` }
    case 'program':
      return finding.works
        ? { what: `\`${finding.command}\` works` }
        : {
            what: `\`${finding.command}\` fails, and tasks need that program`,
            next: 'Run it by hand to see why: it may not be installed, not be started, or not admit you.',
          }
    case 'disk':
      return {
        what: `${bytes(finding.free)} are free for \`${finding.path}\``,
        next: 'Free some space: `cache gc --max-size 1GB` removes what was least recently used.',
      }
    case 'cluster':
      return { what: `the cluster is \`${finding.name}\`, of ${count(finding.hosts, 'host')}` }
    case 'problem':
      return problemInWords(finding.problem)
    case 'failure':
      return failureInWords(finding.failure)
    case 'absent':
      return { what: 'it does not exist yet: the first run makes it' }
    case 'reached':
      return { what: `it answers, and admits us within ${duration(finding.ms)}` }
    case 'known-key':
      return { what: 'its host key is the one that is known here' }
    case 'user':
      return { what: `it admits \`${finding.user}\`` }
    case 'rights':
      return rights(finding)
    case 'platform':
      return { what: `it is ${finding.platform}` }
    case 'space':
      return {
        what: inList(finding.disks.map(diskInWords)),
        next: 'Free some space there (`df -h` and `df -i` show where it went).',
      }
    case 'clock':
      return {
        what: `its clock is ${duration(Math.abs(finding.aheadMs))} ${finding.aheadMs < 0 ? 'behind' : 'ahead of'} this machine's`,
        next: 'Let NTP set both (`timedatectl` shows whether it does): the times in logs and receipts are compared.',
      }
    case 'tools':
      return finding.missing.length === 0
        ? { what: 'all programs that are needed are there' }
        : {
            what: `${inList(finding.missing.map(either))} ${finding.missing.length === 1 ? 'is' : 'are'} not on the PATH of the login user`,
            next: 'Install what is missing.',
          }
    case 'leftovers':
      return leftovers(finding)
    case 'jobs':
      return {
        what:
          finding.jobs.length === 0
            ? 'no job is at work'
            : `${count(finding.jobs.length, 'job')} at work: ${inCode(finding.jobs, 4)}`,
      }
    default:
      return unreachable(finding)
  }
}

/** In a word or two, for a table. */
export function diagnosisInBrief({ state, finding }: Diagnosis): string {
  return state === 'ok' ? brief(finding) : `${state === 'bad' ? '✗' : '!'} ${brief(finding)}`
}

function brief(finding: Finding): string {
  switch (finding.kind) {
    case 'node':
      return finding.version
    case 'ssh':
      return finding.version?.replace(/,.*/s, '') ?? 'missing'
    case 'agent':
      return finding.keys === null ? 'silent' : count(finding.keys, 'key')
    case 'program':
      return finding.works ? 'works' : 'fails'
    case 'disk':
      return bytes(finding.free)
    case 'cluster':
      return `${finding.name}, ${count(finding.hosts, 'host')}`
    case 'problem':
      return 'unusable'
    case 'failure':
      return failed(finding.failure)
    case 'absent':
      return 'not made yet'
    case 'reached':
      return duration(finding.ms)
    case 'known-key':
      return 'known'
    case 'user':
      return finding.user
    case 'rights':
      return { root: 'root', sudo: 'yes', password: 'yes', own: 'no', none: 'no' }[finding.rights]
    case 'platform':
      return finding.platform
    case 'space':
      return finding.disks.length === 0
        ? 'unknown'
        : bytes(Math.min(...finding.disks.map(({ free }) => free)))
    case 'clock':
      return Math.abs(finding.aheadMs) <= finding.withinMs
        ? 'right'
        : `${finding.aheadMs < 0 ? '-' : '+'}${duration(Math.abs(finding.aheadMs))}`
    case 'tools':
      return finding.missing.length === 0 ? 'all' : `${finding.missing.length} missing`
    case 'leftovers':
      return finding.leftovers.length === 0 ? 'none' : `${finding.leftovers.length}`
    case 'jobs':
      return finding.jobs.length === 0 ? 'none' : `${finding.jobs.length}`
    default:
      return unreachable(finding)
  }
}

function failed(failure: Failure): string {
  if (failure.kind === 'host-key')
    return 'revoked' in failure ? 'revoked' : failure.known ? 'changed' : 'unknown'
  return failure.kind === 'authentication' ? 'refused' : failure.kind.replaceAll('-', ' ')
}

const givePassword =
  'give its password (`--ask-sudo-password`, or `ssh.sudoPasswordFile` in the cluster file)'

function rights({ user, rights, path }: Extract<Finding, { kind: 'rights' }>): Explained {
  switch (rights) {
    case 'root':
      return { what: 'we log in as root' }
    case 'sudo':
      return { what: `\`${user}\` may use sudo without a password` }
    case 'password':
      return { what: `\`${user}\` may use sudo with the password that was given` }
    case 'own':
      return {
        what: `\`${user}\` may not use sudo without a password: only what is the user's own can be changed`,
        next: `If tasks there need root: ${givePassword}, or let the user run sudo without one (\`NOPASSWD\` in sudoers).`,
      }
    case 'none':
      return {
        what: `\`${user}\` may neither use sudo without a password nor write \`${path}\``,
        next: `Either ${givePassword}, let the user run sudo without one (\`NOPASSWD\` in sudoers), log in as root, or give that folder to the user.`,
      }
    default:
      return unreachable(rights)
  }
}

function leftovers({ leftovers }: Extract<Finding, { kind: 'leftovers' }>): Explained {
  if (leftovers.length === 0) return { what: 'nothing half-made lies there' }
  const size = leftovers.reduce((sum, { size }) => sum + size, 0)
  return {
    what: `${count(leftovers.length, 'leftover')} of transfers and runs that were broken off, ${bytes(size)} in all`,
    detail: leftovers.map(({ path }) => path).join('\n'),
    next: 'A transfer that is made again goes on from its `.part`. What is older than a day is removed by the next run that works there.',
  }
}

function diskInWords({ path, free, files }: Extract<Finding, { kind: 'space' }>['disks'][number]): string {
  const room = files !== null && files < 10_000 ? ` and room for ${count(files, 'file')}` : ''
  return `${bytes(free)}${room} are free for \`${path}\``
}

/** `a|b` stands for either. */
function either(tool: string): string {
  return tool
    .split('|')
    .map((name) => `\`${name}\``)
    .join(' or ')
}
