import { type FactValue, refuse } from '../lib/index.ts'
import type { Config } from './config.ts'

/** The work_dir of each slave's Mesos: its flag file, else Mesos' own default. */
export const slaveRootFact = {
  slaveRoots: {
    role: 'slaves',
    command: 'cat "$ROOT/etc/mesos-slave/work_dir" 2>/dev/null || echo /tmp/mesos',
  },
}

/** Clients look for sandboxes in one folder, the same on every slave. */
export function readSlaveRoot({ mesos }: Config, fact: FactValue | undefined): string {
  if (mesos.slaveRoot) return mesos.slaveRoot
  const roots = [fact ?? null].flat().filter((root) => root !== null)
  if (roots.length !== 1)
    refuse(
      roots.length === 0
        ? 'No slave says where its work_dir is.'
        : `The slaves do not have one work_dir: ${roots.join(', ')}.`,
      'Clients know only one: give every slave the same, or say which they shall know as `mesos.slaveRoot` in the cluster file.',
    )
  return roots[0]!
}
