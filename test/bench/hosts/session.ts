import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Attempt, ContenderRunner } from './contender-runner.ts'
import type { Contender } from './contenders/contender.ts'
import { link, loopback } from './networks.ts'
import type { Scenario, Step } from './scenarios.ts'
import { startSite } from './site.ts'

export interface Session {
  scenario: Scenario
  contenders: Contender[]
  rounds: number
  forks: number
  /** An empty folder. */
  folder: string
  /** Told what is being done. */
  tell(what: string): void
}

/** All attempts of one contender at one step. */
export interface Result {
  step: Step
  contender: string
  attempts: Attempt[]
}

/** Every round, everyone in turn: what disturbs the machine for a while disturbs them all. */
export async function hold({
  scenario,
  contenders,
  rounds,
  forks,
  folder,
  tell,
}: Session): Promise<Result[]> {
  const { name, steps, hasMaster, among } = scenario
  const slaves = Array.from({ length: scenario.hosts }, (_, index) => `slave-${index + 1}`)
  const hosts = hasMaster ? ['master', ...slaves] : slaves
  const giver = hosts[0] as string
  tell(`${name}: starting ${hosts.length} hosts`)
  const network = scenario.network === 'link' ? link(hosts.length) : loopback()
  const site = await startSite(hosts, network, join(folder, 'hosts'))

  const runners = contenders
    .filter((contender) => !among || among.includes(contender.name))
    .map((contender) => {
      const cwd = join(folder, contender.name)
      mkdirSync(cwd)
      const place = { cwd, scratch: `${cwd}.scratch` }
      return new ContenderRunner(
        contender,
        { hosts: slaves, forks, giver },
        { place, scenario, site, network },
      )
    })
  if (steps[0] === 'again')
    for (const runner of runners) {
      tell(`${name}: ${runner.name} puts the files there`)
      await runner.deploy()
    }
  const results = runners.flatMap((runner) =>
    steps.map((step): Result & { runner: ContenderRunner } => ({
      step,
      contender: runner.name,
      runner,
      attempts: [],
    })),
  )
  for (let round = 1; round <= rounds; round++)
    for (const { runner, step, attempts } of results) {
      tell(`${name}: round ${round} of ${rounds}, ${step}, ${runner.name}`)
      attempts.push(await runner.attempt(step))
    }
  return results
}
