import { executorFiles } from './artefacts.ts'
import type { Config } from './config.ts'
import { executors } from './layout.ts'
import type { ZooKeeper } from './zookeeper.ts'

/** The scheduler's flags, less those that `aurora_startup.sh` gives: its port and its folders on the master. */
export function schedulerFlags({ aurora }: Config, { url, endpoints }: ZooKeeper, address: string): string[] {
  const flags: Record<string, string> = {
    cluster_name: aurora.clusterName,
    hostname: address,
    mesos_master_address: url,
    zk_endpoints: endpoints,
    serverset_path: aurora.serversetPath,
    native_log_zk_group_path: aurora.logGroupPath,
    // floor(masters / 2) + 1, and there is one master. A wrong quorum corrupts the log.
    native_log_quorum_size: '1',
    ...executorPaths(),
    thermos_executor_flags: `--announcer-enable --announcer-ensemble ${endpoints}`,
    allowed_container_types: 'MESOS',
    logtostderr: 'true',
    vlog: 'INFO',
    ...aurora.flags,
  }
  return Object.entries(flags).map(([name, value]) => `-${name}=${value}`)
}

/** As the slaves see them: through the link that `distribute` switches. */
function executorPaths(): Record<string, string> {
  const paths = Object.entries({ thermos_executor: 'thermos_executor_path', gc_executor: 'gc_executor_path' })
  return Object.fromEntries(
    paths
      .filter(([name]) => executorFiles.includes(`${name}.pex`))
      .map(([name, flag]) => [flag, `${executors}/current/${name}.pex`]),
  )
}
