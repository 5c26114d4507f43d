// The clusters that clients know: `$AURORA_CONFIG_ROOT/clusters.json`, then `~/.aurora/clusters.json`.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Name → cluster. Throws an error whose message says what is wrong with which file. */
export function readClusters() {
  const clusters = new Map()
  const folder = process.env.AURORA_CONFIG_ROOT ?? `${process.env.ROOT ?? ''}/etc/aurora`
  for (const file of [join(folder, 'clusters.json'), join(homedir(), '.aurora/clusters.json')]) {
    if (!existsSync(file)) continue
    for (const cluster of Object.values(parse(file))) {
      if (!cluster?.name) continue
      if (cluster.zk && !cluster.scheduler_zk_path)
        throw new Error(`${file}: ${cluster.name} has zk but no scheduler_zk_path`)
      clusters.set(cluster.name, cluster)
    }
  }
  return clusters
}

function parse(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${error.message}`)
  }
}
