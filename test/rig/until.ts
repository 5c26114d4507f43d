import { vi } from 'vitest'

/** Waits for what is true at once on an idle machine, and long after on one that does much else. */
export const until = <T>(holds: () => T | Promise<T>) => vi.waitUntil(holds, { timeout: 20_000 })
