export const statuses = ['ran', 'restored', 'up-to-date', 'failed', 'blocked', 'cancelled'] as const

export type Status = (typeof statuses)[number]

/** `unknown` only when looking: not judgeable before another task has run, or the host is unreachable. */
export type LookedStatus = Status | 'unknown'

export type Counts = Record<Status, number> & { unknown?: number }
