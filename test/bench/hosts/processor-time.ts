import { readdirSync, readFileSync } from 'node:fs'

/** Seconds that all processes of this world have computed so far, also those that have ended and were waited for. */
export function processorTime(): number {
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ticksOf(pid))
  return ticks.reduce((sum, some) => sum + some, 0) / 100
}

function ticksOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // Its own in user and in system mode, then those of its children.
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  } catch {
    // It has ended since it was listed.
    return 0
  }
}
