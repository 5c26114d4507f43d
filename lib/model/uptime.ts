/** When this process began, in ms since the epoch. Not worked out later: the clock may be set, and the machine may sleep. */
export const startedAt = Date.now() - process.uptime() * 1000

/** For how long this process has run, in ms. `performance` tells the same, and takes a no-op's hundredth to load. */
export function uptimeMs(): number {
  return process.uptime() * 1000
}
