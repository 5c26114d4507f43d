import { type FactValue, type RemoteHost, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { readZooKeeper, zkFact } from './hosts/zookeeper.ts'
import { clientFiles, executorFiles } from './known/artefacts.ts'
import { releaseOf } from './known/aurora-releases.ts'
import { executors } from './known/layout.ts'
import { observerPort } from './known/ports.ts'
import { isFetched, packedFiles, publishedFact, readPublished } from './services/executor-delivery.ts'
import { neededAttributes } from './services/observer.ts'

const shared = ['lib', 'lib_process', 'lib_service', 'lib_http', 'lib_check', 'aurora_health']
const clustersFact = { clusters: { role: 'master', file: '/etc/aurora/clusters.json' } }

export const checkCluster = task<Config>({
  module: import.meta.url,
  name: 'check-cluster',
  description: 'Go through what is true of every host of a cluster that works',
  on: ['master', 'slaves'],
  inputs: ({ config, host }) =>
    host.role === 'master'
      ? {
          files: scripts(
            'aurora_check',
            'lib_check_mesos',
            'lib_check_scheduler',
            'lib_json',
            'lib_zookeeper',
            ...shared,
          ),
          facts: zkFact,
        }
      : {
          files: scripts('thermos_check', 'lib_mesos', ...shared),
          facts: { ...clustersFact, ...(isFetched(config) ? publishedFact : {}) },
        },
  always: true,
  timeout: '10m',
  async run({ host, hosts, config, facts }) {
    await (host.role === 'master'
      ? checkMaster(host, config, facts.zk, hosts.slaves!.length)
      : checkSlave(host, config, facts))
  },
})

async function checkMaster(
  host: RemoteHost,
  config: Config,
  zk: FactValue | undefined,
  slaves: number,
): Promise<void> {
  const { aurora } = config
  await host.script('aurora_check.sh', {
    env: {
      AURORA_HOME: aurora.home,
      AURORA_STATE: aurora.state,
      ...clientFiles(config),
      CLUSTER: aurora.clusterName,
      VERSION: aurora.version,
      MESOS_VERSION: releaseOf(config).mesos,
      ENDPOINTS: readZooKeeper(zk).endpoints,
      HTTP_PORT: String(aurora.httpPort),
      SERVERSET: aurora.serversetPath,
      STEADY: String(aurora.steadyFor),
      SLAVES: String(slaves),
      NEEDED_ATTRIBUTES: neededAttributes(config).join(' '),
      COLLECTS_GARBAGE: executorFiles(config).includes('gc_executor.pex') ? 'yes' : '',
    },
  })
}

async function checkSlave(host: RemoteHost, config: Config, facts: Record<string, FactValue>): Promise<void> {
  const published = isFetched(config) ? readPublished(facts.published)['thermos_executor.pex']! : ''
  await host.script('thermos_check.sh', {
    env: {
      EXECUTORS: executors,
      FILES: packedFiles(config).join(' '),
      PORT: String(observerPort(config, host)),
      ROLE: config.smokeTest.role,
      SLAVE_ROOT: slaveRootIn(facts.clusters, config.aurora.clusterName),
      PUBLISHED: published,
    },
  })
}

/** Where clients look for sandboxes; nowhere when there is no such file, or another's. */
function slaveRootIn(clusters: FactValue | undefined, name: string): string {
  if (typeof clusters !== 'string') return ''
  const known: { name?: string; slave_root?: string }[] = JSON.parse(clusters)
  return known.find((cluster) => cluster.name === name)?.slave_root ?? ''
}

function scripts(...names: string[]): string[] {
  return names.map((name) => `remote-scripts/${name}.sh`)
}
