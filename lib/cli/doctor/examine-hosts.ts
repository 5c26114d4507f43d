import type { Diagnosis, Finding } from '../../model/diagnosis.ts'
import { Failed } from '../../model/failure.ts'
import type { Host } from '../../model/host.ts'
import type { Fleet, HostExamination } from '../../model/host-session.ts'
import { UsageError } from '../../model/problem.ts'

/** Examines all hosts at once. @param tools programs that the tasks use there, by role */
export async function examineHosts(fleet: Fleet, tools: Record<string, string[]>): Promise<Diagnosis[]> {
  const hosts = Object.values(fleet.hosts).flat()
  const found = await Promise.all(hosts.map((host) => examineHost(fleet, host, tools[host.role] ?? [])))
  return found.flat()
}

async function examineHost(fleet: Fleet, host: Host, tools: string[]): Promise<Diagnosis[]> {
  const of =
    (state: Diagnosis['state']) =>
    (check: string, finding: Finding): Diagnosis => ({ host: host.name, check, state, finding })
  try {
    const began = Date.now()
    const session = await fleet.session(host)
    const ms = Date.now() - began
    const examination = await session.examine(tools)
    return examination ? judge(examination, ms, of) : [of('ok')('reach', { kind: 'absent' })]
  } catch (error) {
    if (error instanceof Failed)
      return [of('bad')(checkThatFailed(error), { kind: 'failure', failure: error.failure })]
    if (error instanceof UsageError) return [of('bad')('login', { kind: 'problem', problem: error.problem })]
    throw error
  }
}

function checkThatFailed({ failure }: Failed): string {
  if (failure.kind === 'host-key') return 'host key'
  return ['authentication', 'refused'].includes(failure.kind) ? 'login' : 'reach'
}

type Rows = (state: Diagnosis['state']) => (check: string, finding: Finding) => Diagnosis

function judge(found: HostExamination, ms: number, of: Rows): Diagnosis[] {
  const { user, refusal, rights, folder, platform, disks, aheadMs, withinMs, missing, leftovers, jobs } =
    found
  return [
    of('ok')('reach', { kind: 'reached', ms }),
    of('ok')('host key', { kind: 'known-key' }),
    refusal
      ? of('bad')('login', { kind: 'failure', failure: refusal })
      : of('ok')('login', { kind: 'user', user }),
    of(rights === 'none' ? 'bad' : rights === 'own' ? 'warn' : 'ok')('sudo', {
      kind: 'rights',
      user,
      rights,
      path: folder,
    }),
    of('ok')('platform', { kind: 'platform', platform }),
    of(spaceState(disks))('space', { kind: 'space', disks }),
    of(Math.abs(aheadMs) - withinMs > mostSkewMs ? 'warn' : 'ok')('clock', {
      kind: 'clock',
      aheadMs,
      withinMs,
    }),
    of(missing.length > 0 ? 'bad' : 'ok')('tools', { kind: 'tools', missing }),
    of(leftovers.length > 0 ? 'warn' : 'ok')('leftovers', { kind: 'leftovers', leftovers }),
    of('ok')('jobs', { kind: 'jobs', jobs }),
  ]
}

const mostSkewMs = 5000

/** Too little for a bundle of what a host needs, and so little that it may become too little. */
const [tooLittle, little] = [200e6, 2e9]

function spaceState(disks: HostExamination['disks']): Diagnosis['state'] {
  const holds = (free: number, files: number) =>
    disks.every((disk) => disk.free >= free && (disk.files ?? files) >= files)
  if (!holds(tooLittle, 100)) return 'bad'
  return holds(little, 10_000) ? 'ok' : 'warn'
}
