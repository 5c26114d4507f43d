import { type FactValue, type RemoteHost, refuse } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { readZooKeeper, zkFact } from '../hosts/zookeeper.ts'
import { releaseOf } from '../known/aurora-releases.ts'
import { javaHome } from '../known/platforms.ts'
import { isFetched, publishedFact, readPublished } from './executor-delivery.ts'
import { schedulerFlags } from './scheduler-flags.ts'
import { serviceScripts } from './service-scripts.ts'

/** Of its `/vars`: 1 once it leads and Mesos knows it. Its `/health` says OK much earlier. */
export const schedulerVariables = ['framework_registered', 'scheduler_lifecycle_ACTIVE']

/** What Mesos' own master was told to listen at, else the first of the addresses that the host has. */
const addressFact = {
  address: {
    role: 'master',
    command: 'cat "$ROOT/etc/mesos-master/ip" 2>/dev/null || hostname -I | cut -d " " -f 1',
  },
}

/** What decides how the scheduler on the master runs. */
export function schedulerInputs(config: Config, masters: number) {
  const { aurora, mesos } = config
  return {
    files: [
      'remote-scripts/aurora_startup.sh',
      'remote-scripts/aurora_scheduler_startup.sh',
      'remote-scripts/lib_java.sh',
      ...serviceScripts,
    ],
    values: {
      masters,
      home: aurora.home,
      clusterName: aurora.clusterName,
      address: aurora.address ?? null,
      httpPort: aurora.httpPort,
      libprocessPort: aurora.libprocessPort,
      state: aurora.state,
      serversetPath: aurora.serversetPath,
      logGroupPath: aurora.logGroupPath,
      flags: aurora.flags,
      java: releaseOf(config).java,
      javaHome: javaHome(config),
      javaOptions: aurora.javaOptions,
      restartPause: aurora.restartPause,
      mesosPrefix: mesos.prefix,
    },
    facts: {
      ...zkFact,
      ...(aurora.address ? {} : addressFact),
      ...(isFetched(config) ? publishedFact : {}),
    },
  }
}

export async function startScheduler(
  host: RemoteHost,
  config: Config,
  facts: Record<string, FactValue>,
  { masters, again = false }: { masters: number; again?: boolean },
): Promise<void> {
  const { aurora, mesos } = config
  const address = aurora.address ?? readAddress(facts.address)
  await host.script('aurora_startup.sh', {
    env: {
      AURORA_HOME: aurora.home,
      AURORA_STATE: aurora.state,
      MESOS_PREFIX: mesos.prefix,
      JDK_RELEASE: String(releaseOf(config).java),
      JAVA_HOME: javaHome(config),
      JAVA_OPTIONS: aurora.javaOptions,
      LIBPROCESS_IP: address,
      LIBPROCESS_PORT: String(aurora.libprocessPort),
      HTTP_PORT: String(aurora.httpPort),
      RESTART_PAUSE: String(aurora.restartPause),
      START_TIMEOUT: String(aurora.startTimeout),
      STEADY: String(aurora.steadyFor),
      ...(again && { RESTART: 'yes' }),
    },
    args: schedulerFlags(config, readZooKeeper(facts.zk), {
      address,
      masters,
      ...(isFetched(config) && { published: readPublished(facts.published) }),
    }),
  })
}

function readAddress(fact: FactValue | undefined): string {
  if (typeof fact === 'string' && fact !== '') return fact
  refuse(
    'The master does not say what its address is (/etc/mesos-master/ip, `hostname -I`).',
    'Give the address by which slaves and clients reach it as `aurora.address` in the cluster file.',
  )
}
