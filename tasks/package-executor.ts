import { only, type RemoteHost, task } from '../lib/index.ts'
import { buildThermos } from './build-thermos.ts'
import type { Config } from './config.ts'
import { executorPackage } from './known/layout.ts'
import {
  askStore,
  isFetched,
  packedFiles,
  publishedFiles,
  publishedList,
} from './services/executor-delivery.ts'

const archive = `${executorPackage.onMaster}/${executorPackage.file}`

export const packageExecutor = task<Config>({
  module: import.meta.url,
  name: 'package-executor',
  description: 'Pack what slaves need into one archive and bring it home; publish what they fetch themselves',
  on: 'master',
  needs: [
    only(
      buildThermos,
      '**/dist/thermos_executor.pex',
      '**/dist/gc_executor.pex',
      '**/dist/thermos_observer.pex',
    ),
  ],
  inputs: ({ config }) => ({
    files: [
      'remote-scripts/aurora_package_executor.sh',
      ...(isFetched(config) ? ['remote-scripts/aurora_publish_executor.sh'] : []),
      'remote-scripts/lib.sh',
    ],
    values: {
      home: config.aurora.home,
      files: packedFiles(config),
      ...(isFetched(config) && { published: publishedFiles(config), store: config.executor }),
    },
  }),
  // Named as an output, too, the host knows it when it is to give it out (`distribute.via`).
  outputs: ({ config }) => ({ files: [archive, ...(isFetched(config) ? [publishedList] : [])] }),
  collect: { files: [archive], into: executorPackage.atHome },
  timeout: '30m',
  probe: async ({ host, config }) => (isFetched(config) ? askStore(host) : []),
  async run({ host, config }) {
    await host.script('aurora_package_executor.sh', {
      env: { AURORA_HOME: config.aurora.home, PACKAGE: archive },
      args: packedFiles(config),
    })
    if (isFetched(config)) await publish(host, config)
  },
})

async function publish(host: RemoteHost, config: Config): Promise<void> {
  const { store, folder = '', put = '', get = '' } = config.executor
  await host.script('aurora_publish_executor.sh', {
    env: {
      AURORA_HOME: config.aurora.home,
      PUBLISHED: publishedList,
      STORE: store!,
      FOLDER: folder,
      PUT: put,
      GET: get,
    },
    args: publishedFiles(config),
  })
}
