import { createHash, randomFillSync } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Measured, measure, type Place } from '../measure.ts'
import { Refusal } from '../refusal.ts'
import type { Contender, Job } from './contenders/contender.ts'
import type { Network } from './networks.ts'
import { processorTime } from './processor-time.ts'
import type { Scenario, Step } from './scenarios.ts'
import type { Site } from './site.ts'

export interface Attempt extends Measured {
  /** How many went over the network. */
  bytes: number
  /** Seconds of processor time, those of the hosts included. */
  cpuOfAll: number
  /** What came out wrong. */
  fault?: string | undefined
}

export interface Surroundings {
  place: Place
  scenario: Scenario
  site: Site
  network: Network
}

/** A contender with files of its own, at hosts that it shares with the others. */
export class ContenderRunner {
  readonly name: string
  readonly #contender: Contender
  readonly #job: Job
  readonly #at: Surroundings

  constructor(contender: Contender, job: Job, at: Surroundings) {
    this.name = contender.name
    this.#contender = contender
    this.#job = job
    this.#at = at
    for (const [path, text] of Object.entries(contender.files(job))) write(join(at.place.cwd, path), text)
    this.#renewPayload()
  }

  /** Puts the files there, off the clock. */
  async deploy(): Promise<void> {
    const { fault } = await this.#measure('new')
    if (fault) throw new Refusal(`${this.name}: ${fault}`, 1)
  }

  async attempt(step: Step): Promise<Attempt> {
    if (step === 'new') {
      this.#at.site.wipe()
      this.#renewPayload()
    }
    return this.#measure(step)
  }

  async #measure(step: Step): Promise<Attempt> {
    const { network, place } = this.#at
    const { deploy, check = deploy, after } = this.#contender
    const [bytesBefore, cpuBefore] = [network.bytes(), processorTime()]
    const measured = await measure(step === 'new' ? deploy(this.#job) : check(this.#job), place)
    const [bytes, cpuOfAll] = [network.bytes() - bytesBefore, processorTime() - cpuBefore]
    if (after) await measure(after, place)
    return { ...measured, bytes, cpuOfAll, fault: this.#faultOf(step, measured) }
  }

  #faultOf(step: Step, { exitCode, output }: Measured): string | undefined {
    if (exitCode !== 0) return `exit code ${exitCode}: ${output.slice(-500)}`
    if (step === 'again') {
      const idle = this.#contender.idle?.(this.#job)
      return idle && !idle.test(output) ? `had something to do: ${output.slice(-500)}` : undefined
    }
    const expected = contentOf(this.#payload)
    const wrong = this.#job.hosts.find(
      (host) => contentOf(this.#at.site.find(host, this.#contender.target)) !== expected,
    )
    return wrong && `the files on ${wrong} are not those that were sent`
  }

  get #payload(): string {
    return join(this.#at.place.cwd, 'payload')
  }

  /** With bytes that nobody has seen and nothing makes smaller. */
  #renewPayload(): void {
    const { files, bytes } = this.#at.scenario
    for (let number = 1; number <= files; number++)
      write(join(this.#payload, `file-${number}`), randomFillSync(Buffer.allocUnsafe(bytes)))
  }
}

/** Names and digests of all files in a folder. */
function contentOf(folder: string): string {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  return readdirSync(folder)
    .sort()
    .map((name) => `${name} ${digest(name)}`)
    .join('\n')
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
