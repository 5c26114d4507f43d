import type { Config } from '../config.ts'
import type { ZooKeeper } from '../hosts/zookeeper.ts'
import { executorFiles } from '../known/artefacts.ts'
import { releaseOf } from '../known/aurora-releases.ts'
import { executors } from '../known/layout.ts'

/** The scheduler's flags, less those that `aurora_startup.sh` gives: its port and its folders on the master. */
export function schedulerFlags(
  config: Config,
  { url, endpoints }: ZooKeeper,
  {
    address,
    masters,
    published = {},
  }: { address: string; masters: number; published?: Record<string, string> },
): string[] {
  const { aurora } = config
  const { announcer, logFlags } = releaseOf(config)
  const flags: Record<string, string> = {
    cluster_name: aurora.clusterName,
    hostname: address,
    mesos_master_address: url,
    zk_endpoints: endpoints,
    serverset_path: aurora.serversetPath,
    native_log_zk_group_path: aurora.logGroupPath,
    native_log_quorum_size: String(quorumOf(masters)),
    ...executorPaths(config, published),
    thermos_executor_flags: `${announcer} ${endpoints}`,
    allowed_container_types: 'MESOS',
    ...logFlags,
    ...aurora.flags,
  }
  return Object.entries(flags).map(([name, value]) => `-${name}=${value}`)
}

/** As the slaves see them: where they were published, else through the link that `distribute` switches. */
function executorPaths(config: Config, published: Record<string, string>): Record<string, string> {
  const paths = Object.entries({ thermos_executor: 'thermos_executor_path', gc_executor: 'gc_executor_path' })
  return Object.fromEntries(
    paths
      .filter(([name]) => executorFiles(config).includes(`${name}.pex`))
      .map(([name, flag]) => [flag, published[`${name}.pex`] ?? `${executors}/current/${name}.pex`]),
  )
}

/** A majority of the replicas, of which each master has one. With any other the log is corrupted. */
function quorumOf(masters: number): number {
  return Math.floor(masters / 2) + 1
}
