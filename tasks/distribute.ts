import { only, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { checkPlatform } from './eggs/host-platforms.ts'
import { executorPackage, executors } from './known/layout.ts'
import { packageExecutor } from './package-executor.ts'
import { isFetched, packedFiles } from './services/executor-delivery.ts'

export const distribute = task<Config>({
  module: import.meta.url,
  name: 'distribute',
  description: 'Install the executor on every slave and switch to it',
  on: 'slaves',
  needs: [only(packageExecutor, `**/${executorPackage.file}`)],
  inputs: { files: ['remote-scripts/aurora_distribute_executor.sh', 'remote-scripts/lib.sh'] },
  outputs: ({ config }) => ({
    files: [`${executors}/current`, ...packedFiles(config).map((file) => `${executors}/current/${file}`)],
  }),
  timeout: '1h',
  async run({ host, config, outputs, log }) {
    await checkPlatform(config, host)
    if (isFetched(config))
      log("Mesos' fetcher brings the executors to this slave: only the observer is installed.")
    const archive = outputs(packageExecutor).filter((path) => path.startsWith(executorPackage.atHome))
    await host.upload(archive, executorPackage.onSlaves)
    await host.script('aurora_distribute_executor.sh', {
      env: { PACKAGE: `${executorPackage.onSlaves}/${executorPackage.file}`, EXECUTORS: executors },
    })
  },
})
