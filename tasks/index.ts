import { main } from '../lib/index.ts'
import { buildClient } from './build-client.ts'
import { buildMesosEggs } from './build-mesos-eggs-in-docker.ts'
import { buildThermos } from './build-thermos.ts'
import { checkCluster } from './check-cluster.ts'
import { deployed } from './deployed.ts'
import { distribute } from './distribute.ts'
import { fillDownloads } from './fill-downloads.ts'
import { installAurora } from './install-aurora.ts'
import { links } from './links.ts'
import { packageExecutor } from './package-executor.ts'
import { requirements } from './requirements.ts'
import { restart } from './restart.ts'
import { sandbox } from './sandbox/index.ts'
import { smokeTest } from './smoke-test.ts'
import { stageEggs } from './stage-eggs.ts'
import { start } from './start.ts'
import { stop } from './stop.ts'

await main({
  tasks: [
    buildMesosEggs,
    stageEggs,
    installAurora,
    buildClient,
    buildThermos,
    packageExecutor,
    distribute,
    start,
    deployed,
    stop,
    restart,
    checkCluster,
    smokeTest,
    fillDownloads,
  ],
  config: async () => (await import('./config.ts')).configSchema,
  roles: { master: 'one', slaves: 'many' },
  // pants keeps its state in AURORA_HOME, and two of it would spoil it.
  pools: { pants: 1 },
  lease: 'master',
  doctor: requirements,
  deepCheck: checkCluster,
  via: ({ config }) => config.distribute.via,
  sandbox,
  links,
})
