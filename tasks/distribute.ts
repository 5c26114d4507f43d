import { only, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { executorPackage } from './known/layout.ts'
import { packageExecutor } from './package-executor.ts'
import { isFetched } from './services/executor-delivery.ts'
import { installedFiles, installPackage, installScripts } from './services/installed-package.ts'

export const distribute = task<Config>({
  module: import.meta.url,
  name: 'distribute',
  description: 'Install the executor on every slave and switch to it',
  on: 'slaves',
  needs: [only(packageExecutor, `**/${executorPackage.file}`)],
  skip: ({ config }) =>
    isFetched(config) ? "Mesos' fetcher brings the executors, and `start` the observer" : undefined,
  inputs: { files: installScripts },
  outputs: ({ config }) => ({ files: installedFiles(config) }),
  timeout: '1h',
  run: ({ host, config, outputs }) => installPackage(host, config, outputs(packageExecutor)),
})
