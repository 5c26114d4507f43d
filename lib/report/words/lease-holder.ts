import type { HeldLease } from '../../model/lease.ts'
import { duration } from './duration.ts'

/** `alice@laptop (process 4711, run start), at it for 3 min and last heard of 4 s ago,` */
export function holderInWords({ who, pid, command, ageMs, silentMs }: HeldLease): string {
  return `${who} (process ${pid}, ${command}), at it for ${duration(ageMs)} and last heard of ${duration(silentMs)} ago,`
}
