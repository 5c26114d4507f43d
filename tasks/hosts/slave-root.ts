import { type FactValue, refuse } from '../../lib/index.ts'
import type { Config } from '../config.ts'

/** The work_dir of each slave's Mesos: as the running one says, whose slashes are escaped, else as it was told. */
const command = `
  told() { cat "$ROOT/etc/mesos-slave/$1" 2>/dev/null; }
  url="http://$(told ip || echo 127.0.0.1):$(told port || echo 5051)/slave(1)/state.json"
  { curl -sf --globoff --noproxy '*' --max-time 5 "$url" || wget -qO- --no-proxy --timeout=5 --tries=1 "$url"; } |
    grep -o '"work_dir": *"[^"]*"' | cut -d '"' -f 4 | sed 's|\\\\/|/|g' | grep . || told work_dir
`

export const slaveRootFact = { slaveRoots: { role: 'slaves', command } }

/** Clients look for sandboxes in one folder, the same on every slave. */
export function readSlaveRoot({ mesos }: Config, fact: FactValue | undefined): string {
  if (mesos.slaveRoot) return mesos.slaveRoot
  const roots = [fact ?? null].flat().filter((root) => root !== null)
  if (roots.length === 0)
    refuse(
      'No slave says where its work_dir is: no mesos-slave answers, and there is no /etc/mesos-slave/work_dir.',
      'Start mesos-slave on the slaves, or give its work_dir as `mesos.slaveRoot` in the cluster file.',
    )
  if (roots.length > 1)
    refuse(
      `The slaves do not have one work_dir: ${roots.join(', ')}.`,
      'Clients know only one: give every slave the same, or say which they shall know as `mesos.slaveRoot` in the cluster file.',
    )
  return roots[0]!
}
