import type { Config } from '../config.ts'
import type { ZooKeeper } from './zookeeper.ts'

/** The content of /etc/aurora/clusters.json, by which clients find the scheduler and the slaves' sandboxes. */
export function clustersJson({ aurora }: Config, { endpoints }: ZooKeeper, slaveRoot: string): string {
  // The client puts the port behind the whole list: all but the last address carry their own.
  const [, zk, port] = /^(.*):(\d+)$/.exec(endpoints)!
  const cluster = {
    name: aurora.clusterName,
    zk,
    zk_port: Number(port),
    scheduler_zk_path: aurora.serversetPath,
    auth_mechanism: 'UNAUTHENTICATED',
    slave_root: slaveRoot,
    slave_run_directory: 'latest',
  }
  return JSON.stringify([cluster], null, 2)
}
