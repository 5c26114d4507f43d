import { duration, median, medianTime, ratio, secondsOf, spread } from './figures.ts'
import type { Scenario } from './scenarios.ts'
import type { Result } from './session.ts'
import type { Workload } from './workload.ts'

/** A Markdown table for each scenario: the tools from fast to slow, then the floors. */
export function report(workload: Workload, results: Result[]): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))]
  return scenarios
    .map((scenario) => {
      const rows = results.filter((result) => result.scenario === scenario).toSorted(floorsLastThenByTime)
      return [
        `### ${workload.name}, ${scenario.name}: ${scenario.meaning}\n`,
        '| | median | min – max | engine ÷ this | ÷ its no-op | tasks run | CPU | peak RSS |',
        '|---|--:|--:|--:|--:|--:|--:|--:|',
        ...rows.map((result) => row(result, results)),
        ...rows.flatMap(faults),
        ...beyondNoop(scenario, rows, results),
        '',
      ].join('\n')
    })
    .join('\n')
}

function row(result: Result, results: Result[]): string {
  const { scenario, runner, attempts } = result
  const seconds = secondsOf(result)
  const engine = results.find((other) => other.scenario === scenario && other.runner.name === 'engine')
  const noop = runner.isFloor ? undefined : noopOf(result, results)
  const cells = [
    runner.isFloor ? `_${runner.name}_` : runner.name,
    duration(medianTime(result)),
    spread(result),
    ratio(engine && secondsOf(engine), seconds),
    ratio(seconds, noop && secondsOf(noop)),
    [...new Set(attempts.map(({ ran }) => ran ?? ''))].join(', '),
    duration(median(attempts.map(({ cpu }) => cpu))),
    `${Math.round(median(attempts.map(({ rss }) => rss)) / 2 ** 20)} MB`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** How far the engine is above the floors, its no-op counted apart. */
function beyondNoop({ beyondNoop: what, name }: Scenario, rows: Result[], results: Result[]): string[] {
  const engine = rows.find(({ runner }) => runner.name === 'engine')
  const noop = engine && noopOf(engine, results)
  if (!what || !noop) return []
  const noops = secondsOf(noop)
  const seconds = secondsOf(engine).map((all, round) => all - noops[round]!)
  const ratios = rows
    .filter(({ runner }) => runner.isFloor)
    .map((floor) => `${ratio(seconds, secondsOf(floor))} × ${floor.runner.name}`)
  const figures = [duration(median(seconds)), ...ratios].join(', ')
  return [`\n${what}, which is the engine's ${name} less its no-op: ${figures}`]
}

function noopOf({ runner }: Result, results: Result[]): Result | undefined {
  return results.find((other) => other.scenario.name === 'noop' && other.runner === runner)
}

function faults({ runner, attempts }: Result): string[] {
  return attempts.flatMap(({ fault }, round) =>
    fault ? [`\n**${runner.name}, round ${round + 1}: ${fault}**`] : [],
  )
}

function floorsLastThenByTime(one: Result, other: Result): number {
  return Number(one.runner.isFloor) - Number(other.runner.isFloor) || medianTime(one) - medianTime(other)
}
