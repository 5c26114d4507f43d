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
        ...rows.map((result) => row(result, rows)),
        ...rows.flatMap(faults),
        ...beyondNoop(scenario, rows),
        '',
      ].join('\n')
    })
    .join('\n')
}

function row(result: Result, rows: Result[]): string {
  const { runner, attempts } = result
  const seconds = secondsOf(result)
  const engine = rows.find(isOfEngine)
  const cells = [
    runner.isFloor ? `_${runner.name}_` : runner.name,
    duration(medianTime(result)),
    spread(result),
    ratio(engine && secondsOf(engine), seconds),
    ratio(seconds, noopsOf(result)),
    [...new Set(attempts.map(({ ran }) => ran ?? ''))].join(', '),
    duration(median(attempts.map(({ cpu }) => cpu))),
    `${Math.round(median(attempts.map(({ rss }) => rss)) / 2 ** 20)} MB`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** How far the engine is above the floors, its no-op counted apart. */
function beyondNoop({ beyondNoop: what, name }: Scenario, rows: Result[]): string[] {
  const engine = rows.find(isOfEngine)
  const noops = engine && noopsOf(engine)
  if (!what || !noops) return []
  const seconds = secondsOf(engine).map((all, round) => all - noops[round]!)
  const ratios = rows
    .filter(({ runner }) => runner.isFloor)
    .map((floor) => `${ratio(seconds, secondsOf(floor))} × ${floor.runner.name}`)
  const figures = [duration(median(seconds)), ...ratios].join(', ')
  const noop = duration(median(noops))
  return [`\n${what}, which is the engine's ${name} less its no-op of ${noop}: ${figures}`]
}

function isOfEngine({ runner }: Result): boolean {
  return runner.name === 'engine'
}

/** What a no-op took before each attempt; undefined where none was measured. */
function noopsOf({ attempts }: Result): number[] | undefined {
  const noops = attempts.flatMap(({ noop }) => noop ?? [])
  return noops.length === attempts.length ? noops : undefined
}

function faults({ runner, attempts }: Result): string[] {
  return attempts.flatMap(({ fault }, round) =>
    fault ? [`\n**${runner.name}, round ${round + 1}: ${fault}**`] : [],
  )
}

function floorsLastThenByTime(one: Result, other: Result): number {
  return Number(one.runner.isFloor) - Number(other.runner.isFloor) || medianTime(one) - medianTime(other)
}
