import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './outcome.ts'

/** What has no outputs, or none that count. */
export const nothing: Made = { outputs: {}, collected: {} }

/** That an instance has nothing to do, where its task says so. */
export function skipped(
  { declarations }: Engine,
  instance: Instance,
): (Outcome & { made: Made }) | undefined {
  const { skip } = declarations(instance)
  if (skip === undefined) return undefined
  return { status: 'up-to-date', reasons: [{ kind: 'skipped', why: skip }], made: nothing }
}
