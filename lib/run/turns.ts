import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { Instance } from '../model/instance.ts'
import { uptimeMs } from '../model/uptime.ts'
import { ranksOf } from './critical-path.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './outcome.ts'
import { pools } from './pools.ts'
import { slots } from './slots.ts'

/** Lets an instance run once it is its turn for that. */
export type Turn = (run: Run) => Promise<Outcome>

/** `leave`: lets the next one run, once only results are to be kept. `waitedMs`: for how long it has waited. */
type Run = (leave: () => void, waitedMs: number) => Promise<Outcome>

type Act = (whenDue: Turn) => Promise<Outcome>

/** So many more than run at a time are looked at already: while that is done, no core need wait for the next command. */
const ahead = 2

/**
 * Lets an instance act when it is its turn, and run when it is its turn for that: what most others wait for first. A host
 * takes its turn once it is reached; on one that cannot be, there is nothing to do but to fail.
 */
export function turns({ options, workspace, instances }: Engine) {
  let ranks: ReturnType<typeof ranksOf> | undefined
  const jobs = options.jobs ?? availableParallelism()
  // One at a time is one after the other, from the first look to the last result.
  const acting = slots(jobs === 1 ? 1 : jobs + ahead)
  const running = slots(jobs)
  const hosts = pLimit(options.forks ?? 16)
  const inPool = pools(workspace.pools)
  const inSlot = async (rank: number, act: Act) => {
    const place = acting(rank)
    await place.turn
    // From now on, whoever comes later waits for it, however long it is looked at.
    const slot = running(rank)
    const whenDue: Turn = async (run) => {
      const asked = uptimeMs()
      await slot.turn
      return run(slot.leave, uptimeMs() - asked)
    }
    try {
      return await act(whenDue)
    } finally {
      slot.leave()
      // Once all that it has made ready has come: that may be due before those that wait.
      process.nextTick(place.leave)
    }
  }
  return (instance: Instance, act: Act): Promise<Outcome> => {
    ranks ??= ranksOf(instances)
    const rank = ranks.get(instance)!
    // Its pool first: who waits for that takes no slot from the others.
    const inTurn = () =>
      inPool(instance.task.pool)(() => (instance.host ? hosts(() => act(atOnce)) : inSlot(rank, act)))
    return instance.host ? workspace.fleet.session(instance.host).then(inTurn, () => act(atOnce)) : inTurn()
  }
}

const atOnce: Turn = (run) => run(() => {}, 0)
