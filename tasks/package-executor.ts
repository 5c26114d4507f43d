import { only, task } from '../lib/index.ts'
import { executorFiles } from './artefacts.ts'
import { buildThermos } from './build-thermos.ts'
import type { Config } from './config.ts'
import { executorPackage } from './layout.ts'

const archive = `${executorPackage.onMaster}/${executorPackage.file}`

export const packageExecutor = task<Config>({
  module: import.meta.url,
  name: 'package-executor',
  description: 'Pack what slaves need into one archive and bring it home',
  on: 'master',
  needs: [
    only(
      buildThermos,
      '**/dist/thermos_executor.pex',
      '**/dist/gc_executor.pex',
      '**/dist/thermos_observer.pex',
    ),
  ],
  inputs: {
    files: ['remote-scripts/aurora_package_executor.sh', 'remote-scripts/lib.sh'],
    values: ({ config }) => ({ home: config.aurora.home, files: executorFiles(config) }),
  },
  // Named as an output, too, the host knows it when it is to give it out (`distribute.via`).
  outputs: { files: [archive] },
  collect: { files: [archive], into: executorPackage.atHome },
  timeout: '30m',
  async run({ host, config }) {
    await host.script('aurora_package_executor.sh', {
      env: { AURORA_HOME: config.aurora.home, PACKAGE: archive },
      args: executorFiles(config),
    })
  },
})
