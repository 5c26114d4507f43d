import type { HostAnswer, HostQuestion, HostSession } from '../model/host-session.ts'

/** Answers of hosts, asked for all at once when a run begins and good until something has run: without this, a chain of
 *  tasks that are up to date would cost a round trip for each. */
export class HostChecks {
  readonly #answers = new Map<string, Promise<HostAnswer>>()

  ask(session: HostSession, question: HostQuestion): Promise<HostAnswer> {
    const name = `${session.host.name} ${JSON.stringify(question)}`
    const known = this.#answers.get(name)
    if (known) return known
    const answer = session.check(question)
    this.#answers.set(name, answer)
    answer.catch(() => this.#answers.delete(name))
    return answer
  }

  /** What a task has done may have changed any host. */
  forget(): void {
    this.#answers.clear()
  }
}
