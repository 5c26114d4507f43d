import { duration, less, median, medianTime, ratio, secondsOf, spread } from './figures.ts'
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

/** How far the engine is above the floors, its no-op counted apart; and above its no-op, what the floors do counted apart. */
function beyondNoop({ beyondNoop: what, name }: Scenario, rows: Result[]): string[] {
  const engine = rows.find(isOfEngine)
  const noops = engine && noopsOf(engine)
  if (!what || !noops) return []
  const seconds = secondsOf(engine)
  const beyond = less(seconds, noops)
  const floors = rows.filter(({ runner }) => runner.isFloor)
  const above = floors.map((floor) => `${ratio(beyond, secondsOf(floor))} × ${floor.runner.name}`)
  const apart = floors.map(
    (floor) => `${ratio(less(seconds, secondsOf(floor)), noops)} without ${floor.runner.name}`,
  )
  return [
    `\n${what}, which is the engine's ${name} less its no-op: ${[duration(median(beyond)), ...above].join(', ')}`,
    `\nthe engine's ${name} ÷ its no-op: ${apart.join(', ')}`,
  ]
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
