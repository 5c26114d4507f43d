/** Flags whose values come from elsewhere: other fields of the cluster file, or the hosts. */
export const ownFlags: Record<string, string> = {
  http_port: 'say it as `aurora.httpPort`',
  hostname: 'say it as `aurora.address`',
  cluster_name: 'say it as `aurora.clusterName`',
  serverset_path: 'say it as `aurora.serversetPath`',
  native_log_zk_group_path: 'say it as `aurora.logGroupPath`',
  native_log_file_path: 'say the folder that it lies in as `aurora.state`',
  backup_dir: 'say the folder that it lies in as `aurora.state`',
  native_log_quorum_size: 'it follows from the number of masters, and any other value corrupts the log',
}
