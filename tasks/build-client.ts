import { only, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { clustersJson } from './hosts/clusters-json.ts'
import { readSlaveRoot, slaveRootFact } from './hosts/slave-root.ts'
import { readZooKeeper, zkFact } from './hosts/zookeeper.ts'
import { installAurora } from './install-aurora.ts'
import { clientTargets, pexOf } from './known/artefacts.ts'

export const buildClient = task<Config>({
  module: import.meta.url,
  name: 'build-client',
  description: 'Build the client and the admin client, and tell them of the cluster',
  on: 'master',
  needs: [only(installAurora, '**/.source-sha256', '**/BOOTSTRAPPED')],
  inputs: {
    files: [
      'remote-scripts/aurora_build_client.sh',
      'remote-scripts/aurora_install_clustersjson.sh',
      'remote-scripts/lib.sh',
      'remote-scripts/lib_pants.sh',
      'remote-scripts/lib_thrift.sh',
    ],
    values: ({ config, config: { aurora, mesos } }) => ({
      home: aurora.home,
      targets: clientTargets(config),
      clusterName: aurora.clusterName,
      serversetPath: aurora.serversetPath,
      slaveRoot: mesos.slaveRoot ?? null,
    }),
    facts: { ...zkFact, ...slaveRootFact },
  },
  outputs: ({ config }) => ({
    files: [
      ...clientTargets(config).map((target) => `${config.aurora.home}/dist/${pexOf(target)}`),
      '/etc/aurora/clusters.json',
    ],
  }),
  pool: 'pants',
  timeout: '1h',
  async run({ host, config, facts }) {
    const zooKeeper = readZooKeeper(facts.zk)
    const content = clustersJson(config, zooKeeper, readSlaveRoot(config, facts.slaveRoots))
    await host.script('aurora_build_client.sh', {
      env: { AURORA_HOME: config.aurora.home },
      args: clientTargets(config),
    })
    await host.script('aurora_install_clustersjson.sh', { env: { CLUSTERS_JSON: content } })
  },
})
