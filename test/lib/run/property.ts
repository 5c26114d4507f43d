import fc from 'fast-check'
import { test } from 'vitest'

/** A test that tries a check on random values. The seed is printed always, so that any run can be repeated:
 *  `PROPERTY_SEED=… PROPERTY_RUNS=… npx vitest run …`. */
export function property<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  check: (value: T) => Promise<void>,
): void {
  const numRuns = Number(process.env.PROPERTY_RUNS ?? runs)
  test(name, { timeout: 300_000 + numRuns * 10_000 }, async () => {
    const seed = Number(process.env.PROPERTY_SEED ?? Math.trunc(Math.random() * 2 ** 31))
    console.log(`PROPERTY_SEED=${seed} PROPERTY_RUNS=${numRuns}`)
    await fc.assert(fc.asyncProperty(fc.limitShrink(arbitrary, 200), check), { seed, numRuns })
  })
}

/** In a report: a line for every step and every group of edits, not one line of JSON. */
export function printed<Told extends Printable>(story: Told): Told {
  const { steps, ...rest } = story.start
  const lines = () => [
    JSON.stringify(rest),
    ...steps.map((step, index) => `t${index} ${JSON.stringify(step)}`),
    ...story.groups.map(
      ({ edits, ...group }) =>
        `${edits.map(printedEdit).join('; ') || 'no edit'}, then run ${JSON.stringify(group)}`,
    ),
  ]
  return Object.defineProperty(story, fc.toStringMethod, { value: () => `\n  ${lines().join('\n  ')}` })
}

interface Printable {
  start: { steps: object[] }
  groups: { edits: { kind: string }[] }[]
}

function printedEdit({ kind, ...rest }: { kind: string }): string {
  return [kind, ...Object.values(rest).map((value) => JSON.stringify(value))].join(' ')
}
