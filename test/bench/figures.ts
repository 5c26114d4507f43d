/** What something took, round by round. */
export interface Timed {
  attempts: { seconds: number }[]
}

export function secondsOf({ attempts }: Timed): number[] {
  return attempts.map(({ seconds }) => seconds)
}

export function medianTime(timed: Timed): number {
  return median(secondsOf(timed))
}

export function spread(timed: Timed): string {
  const seconds = secondsOf(timed)
  return `${duration(Math.min(...seconds))} – ${duration(Math.max(...seconds))}`
}

/** The median of the ratios in each round, not the ratio of the medians: what slows a machine down for a while slows down all
 *  that is measured meanwhile. */
export function ratio(over: number[] | undefined, under: number[] | undefined): string {
  return over && under ? median(over.map((seconds, round) => seconds / under[round]!)).toFixed(2) : ''
}

/** What remains of something in each round. */
export function less(all: number[], part: number[]): number[] {
  return all.map((seconds, round) => seconds - part[round]!)
}

export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  const half = sorted.length / 2
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
}

export function duration(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`
}
