import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { Instance } from '../model/instance.ts'
import { ranksOf } from './critical-path.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './outcome.ts'
import { pools } from './pools.ts'
import { slots } from './slots.ts'

/** Lets an instance run once it is its turn. */
export type Turn = (run: Run) => Promise<Outcome>

/** `leave`: once it runs no command any more, the next one may. `waitedMs`: for how long it has waited for its turn. */
type Run = (leave: () => void, waitedMs: number) => Promise<Outcome>

/** The same, for whoever knows how long that was. */
export type Admit = (run: (leave: () => void) => Promise<Outcome>) => Promise<Outcome>

/** So many more than run at a time are looked at already: while that is done, no core need wait for the next command. */
const ahead = 2

/**
 * Lets an instance act when it is its turn, and run when it is its turn for that: what most others wait for first. A host
 * takes its turn once it is reached; on one that cannot be, there is nothing to do but to fail.
 */
export function turns({ options, workspace, instances }: Engine) {
  let ranks: ReturnType<typeof ranksOf> | undefined
  const jobs = options.jobs ?? availableParallelism()
  const acting = slots(jobs === 1 ? 1 : jobs + ahead)
  const running = slots(jobs)
  const hosts = pLimit(options.forks ?? 16)
  const inPool = pools(workspace.pools)
  return (instance: Instance, act: (admit: Admit) => Promise<Outcome>): Promise<Outcome> => {
    ranks ??= ranksOf(instances)
    const rank = ranks.get(instance)!
    const inSlot = () =>
      instance.host ? hosts(() => act(atOnce)) : acting(rank, () => act((run) => running(rank, run)))
    // Its pool first: who waits for that takes no slot from the others.
    const inTurn = () => inPool(instance.task.pool)(inSlot)
    return instance.host ? workspace.fleet.session(instance.host).then(inTurn, () => act(atOnce)) : inTurn()
  }
}

const atOnce: Admit = (run) => run(() => {})
