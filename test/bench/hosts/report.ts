import { duration, median, medianTime, ratio, secondsOf, spread } from '../figures.ts'
import type { Scenario, Step } from './scenarios.ts'
import type { Result } from './session.ts'

const meanings: Record<Step, string> = {
  new: 'hosts that have nothing of it',
  again: 'hosts that have all of it',
}

/** A Markdown table for each step, the contenders from fast to slow. */
export function report({ name, meaning, steps }: Scenario, results: Result[]): string {
  return steps
    .map((step) => {
      const those = results
        .filter((result) => result.step === step)
        .toSorted((one, other) => medianTime(one) - medianTime(other))
      const named = (name: string) => those.find(({ contender }) => contender === name)
      const engine = named('engine') ?? named('engine-via')
      return [
        `### ${name}, ${step}: ${meaning}; ${meanings[step]}\n`,
        '| | median | min – max | engine ÷ this | moved | CPU | CPU with hosts | peak RSS |',
        '|---|--:|--:|--:|--:|--:|--:|--:|',
        ...those.map((result) => row(result, engine)),
        ...those.flatMap(faults),
        '',
      ].join('\n')
    })
    .join('\n')
}

function row(result: Result, engine: Result | undefined): string {
  const { contender, attempts } = result
  const cells = [
    contender,
    duration(medianTime(result)),
    spread(result),
    ratio(engine && secondsOf(engine), secondsOf(result)),
    bytes(median(attempts.map((attempt) => attempt.bytes))),
    duration(median(attempts.map(({ cpu }) => cpu))),
    duration(median(attempts.map(({ cpuOfAll }) => cpuOfAll))),
    bytes(median(attempts.map(({ rss }) => rss))),
  ]
  return `| ${cells.join(' | ')} |`
}

function faults({ contender, attempts }: Result): string[] {
  return attempts.flatMap(({ fault }, round) =>
    fault ? [`\n**${contender}, round ${round + 1}: ${fault}**`] : [],
  )
}

function bytes(count: number): string {
  return count < 1e6 ? `${Math.round(count / 1e3)} kB` : `${Math.round(count / 1e6)} MB`
}
