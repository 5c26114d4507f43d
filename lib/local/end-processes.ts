import { setTimeout as pause } from 'node:timers/promises'
import { refuse } from '../model/failure.ts'
import { findProcess, type LivingProcess } from './processes.ts'

/** How long a process may take to end after TERM, before KILL. */
const usualGraceMs = 5000

/** How long to wait for a killed process to be gone. */
const patienceMs = 5000

/**
 * Ends what `find` finds, whole process groups, until it finds nothing. Each group is asked once, by TERM, so that it can
 * put things in order, with further processes if need be; what is there after the grace time is killed.
 *
 * @returns what was ended
 */
export async function endProcesses(
  find: () => LivingProcess[],
  graceMs = usualGraceMs,
): Promise<LivingProcess[]> {
  const ended = new Map<number, LivingProcess>()
  const asked = new Set<number>()
  const deadline = Date.now() + graceMs
  for (let found = find(); found.length > 0; found = find()) {
    if (Date.now() >= deadline + patienceMs) refuseToWait(found)
    const late = Date.now() >= deadline
    for (const [group, members] of byGroup(found)) {
      for (const one of members) if (!ended.has(one.pid)) ended.set(one.pid, { ...one })
      if (late) signalGroup(group, members, 'SIGKILL')
      else if (!asked.has(group)) signalGroup(group, members, 'SIGTERM')
      asked.add(group)
    }
    await pause(20)
  }
  return [...ended.values()]
}

/** At once and without waiting, for a process that is about to exit itself. */
export function killProcesses(found: LivingProcess[]): void {
  for (const [group, members] of byGroup(found)) signalGroup(group, members, 'SIGKILL')
}

function byGroup(found: LivingProcess[]): Map<number, LivingProcess[]> {
  const groups = new Map<number, LivingProcess[]>()
  for (const one of found) groups.set(one.group, [...(groups.get(one.group) ?? []), one])
  return groups
}

/** Of the group that this process is in itself, only those that are meant. */
function signalGroup(group: number, members: LivingProcess[], signal: NodeJS.Signals): void {
  const own = group <= 1 || group === findProcess(process.pid)?.group
  for (const target of own ? members.map(({ pid }) => pid) : [-group])
    try {
      process.kill(target, signal)
    } catch (error) {
      // Gone, or another user's: whoever waits for it will say so.
      if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
}

function refuseToWait(found: LivingProcess[]): never {
  refuse(
    `these processes do not end, even when killed: ${found.map(({ pid, command }) => `${pid} (${command})`).join(', ')}`,
    'They wait for a disk or a network file system, or belong to another user: end them, then try again.',
  )
}
