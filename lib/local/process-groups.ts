import { type EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { attempt } from './attempt.ts'
import { endProcesses, killProcesses } from './end-processes.ts'
import { entryOf, type Origin } from './origin.ts'
import { type LivingProcess, otherProcesses } from './processes.ts'
import { untraced } from './untraced.ts'

/** Which emits `spawn`, from when on its pid is known, or else `error`; `exit`; and `close`, once all it printed is heard. */
type Child = EventEmitter & { pid?: number | undefined }

/** How long what has just been started may take to leave for a session of its own, and what was printed to arrive. */
const momentMs = 1000

/** The process groups that a task has started: each command leads one, so that its whole tree can be ended. */
export class ProcessGroups {
  readonly #entry: string
  readonly #starting = new Set<Child>()
  readonly #unheard = new Set<Child>()
  readonly #led = new Set<number>()
  /** Their leaders have ended, others in them have not. */
  readonly #orphaned = new Set<number>()

  constructor(origin: Origin) {
    this.#entry = entryOf.task(origin)
  }

  add(child: Child): void {
    if (child.pid === undefined) this.#await(child)
    else this.#lead(child, child.pid)
  }

  #await(child: Child): void {
    this.#starting.add(child)
    child.once('spawn', () => this.#lead(child, child.pid!))
    child.once('error', () => this.#starting.delete(child))
  }

  #lead(child: Child, pid: number): void {
    this.#starting.delete(child)
    this.#unheard.add(child)
    this.#led.add(pid)
    child.once('close', () => this.#unheard.delete(child))
    child.once('exit', () => {
      this.#led.delete(pid)
      if (hasMembers(pid)) this.#orphaned.add(pid)
    })
  }

  /** Ends all that the task has started, wherever it went, and hears it to its end. */
  async end(): Promise<void> {
    await this.#started()
    await endProcesses(() => otherProcesses().filter(this.#isOurs))
    await this.#heard()
  }

  /** Ends what a task that has ended well left in its groups. A session of its own is meant to outlive it. */
  async endStragglers(): Promise<void> {
    await this.#started()
    if (this.#led.size + this.#orphaned.size === 0) return
    const stragglers = () => otherProcesses().filter(this.#isStraggler)
    for (const deadline = Date.now() + momentMs; Date.now() < deadline && stragglers().length > 0; )
      await pause(20)
    await endProcesses(stragglers)
  }

  /** All, at once and without waiting, for a process that is about to exit itself. */
  kill(): void {
    killProcesses(otherProcesses().filter(this.#isOurs))
  }

  /** Until then, nobody can tell what is to be ended. */
  async #started(): Promise<void> {
    if (this.#starting.size > 0)
      await Promise.allSettled([...this.#starting].map((child) => once(child, 'spawn')))
  }

  /** What was printed last may still be on its way. Who is not ours may print there for ever. */
  async #heard(): Promise<void> {
    const closed = Promise.allSettled([...this.#unheard].map((child) => once(child, 'close')))
    await Promise.race([closed, pause(momentMs, undefined, { ref: false })])
  }

  readonly #isOurs = ({ group, hasEnvironment }: LivingProcess) =>
    this.#led.has(group) || hasEnvironment(this.#entry)

  /** The number of an orphaned group may be another's by now. */
  readonly #isStraggler = ({ group, hasEnvironment }: LivingProcess) =>
    this.#led.has(group) || (this.#orphaned.has(group) && hasEnvironment(this.#entry))
}

function hasMembers(group: number): boolean {
  return untraced(() => attempt(() => process.kill(-group, 0))) ?? false
}
