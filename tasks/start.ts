import { type Host, only, task } from '../lib/index.ts'
import { buildClient } from './build-client.ts'
import type { Config } from './config.ts'
import { distribute } from './distribute.ts'
import { installAurora } from './install-aurora.ts'
import { executorPackage } from './known/layout.ts'
import { observerPort } from './known/ports.ts'
import { packageExecutor } from './package-executor.ts'
import { isFetched } from './services/executor-delivery.ts'
import { askHealth } from './services/health.ts'
import { installedFiles, installPackage, installScripts } from './services/installed-package.ts'
import { observerInputs, startObserver } from './services/observer.ts'
import { schedulerInputs, schedulerVariables, startScheduler } from './services/scheduler.ts'
import { serviceFiles } from './services/service-scripts.ts'

export const start = task<Config>({
  module: import.meta.url,
  name: 'start',
  description: 'Start the scheduler, and an observer on every slave, and wait until they are healthy',
  on: ['master', 'slaves'],
  needs: [
    only(installAurora, '**/dist/install/**'),
    only(buildClient, '/etc/aurora/clusters.json'),
    only(packageExecutor, `**/${executorPackage.file}`),
    distribute,
  ],
  inputs: ({ config, host, hosts }) => {
    if (host.role === 'master') return schedulerInputs(config, hosts.master!.length)
    const { files, values } = observerInputs(config, host)
    return { files: bringsObserver(config, host) ? [...files, ...installScripts] : files, values }
  },
  outputs: ({ config, host }) => ({
    files:
      host.role === 'master'
        ? serviceFiles('scheduler', 'aurora_scheduler_startup.sh')
        : [
            ...serviceFiles('observer', 'thermos_observer_startup.sh'),
            ...(bringsObserver(config, host) ? installedFiles(config) : []),
          ],
  }),
  timeout: '15m',
  async probe({ host, config }) {
    return host.role === 'master'
      ? askHealth(host, config.aurora.httpPort, schedulerVariables)
      : askHealth(host, observerPort(config, host))
  },
  async run({ host, hosts, config, facts, outputs }) {
    if (host.role === 'master') return startScheduler(host, config, facts, { masters: hosts.master!.length })
    if (bringsObserver(config, host)) await installPackage(host, config, outputs(packageExecutor))
    await startObserver(host, config)
  },
})

/** `distribute` brings it, unless it has no executors to bring. */
function bringsObserver(config: Config, { role }: Host): boolean {
  return isFetched(config) && role !== 'master'
}
