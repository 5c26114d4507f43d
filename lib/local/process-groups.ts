import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a process may take to end after TERM, before KILL. */
const graceMs = 5000

/** The process groups that a task has started: each command leads one, so that its whole tree can be ended. */
export class ProcessGroups {
  readonly #leaders = new Set<number>()

  add(child: ChildProcess): void {
    const { pid } = child
    if (pid === undefined) return
    this.#leaders.add(pid)
    child.once('exit', () => this.#leaders.delete(pid))
  }

  /** Ends all of them, with what they started in their group. */
  async end(): Promise<void> {
    await Promise.all([...this.#leaders].map((leader) => endGroup(leader)))
  }

  /** At once, for a process that is about to exit itself. */
  kill(): void {
    for (const leader of this.#leaders) signalGroup(leader, 'SIGKILL')
  }
}

/** TERM, then KILL after a grace time; returns once no process of the group is left. */
export async function endGroup(leader: number): Promise<void> {
  signalGroup(leader, 'SIGTERM')
  for (const deadline = Date.now() + graceMs; Date.now() < deadline; await sleep(20))
    if (!signalGroup(leader, 0)) return
  signalGroup(leader, 'SIGKILL')
}

/** False where the group has no process left. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal)
  } catch {
    return false
  }
}
