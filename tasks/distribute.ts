import { task } from '../lib/index.ts'
import { executorFiles } from './artefacts.ts'
import type { Config } from './config.ts'
import { executorPackage, executors } from './layout.ts'
import { packageExecutor } from './package-executor.ts'

export const distribute = task<Config>({
  module: import.meta.url,
  name: 'distribute',
  description: 'Install the executor on every slave and switch to it',
  on: 'slaves',
  needs: [packageExecutor],
  inputs: { files: ['remote-scripts/aurora_distribute_executor.sh', 'remote-scripts/lib.sh'] },
  outputs: ({ config }) => ({
    files: [`${executors}/current`, ...executorFiles(config).map((file) => `${executors}/current/${file}`)],
  }),
  timeout: '1h',
  async run({ host, outputs }) {
    const archive = outputs(packageExecutor).filter((path) => path.startsWith(executorPackage.atHome))
    await host.upload(archive, executorPackage.onSlaves)
    await host.script('aurora_distribute_executor.sh', {
      env: { PACKAGE: `${executorPackage.onSlaves}/${executorPackage.file}`, EXECUTORS: executors },
    })
  },
})
