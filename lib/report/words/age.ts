import { count } from './count.ts'

const steps = [
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
]

/** How long ago something was: `12 days ago`, `3 hours ago`, `just now`. */
export function age(ms: number): string {
  const step = steps.find((step) => ms >= step.ms)
  return step ? `${count(Math.floor(ms / step.ms), step.name)} ago` : 'just now'
}
