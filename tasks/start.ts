import { only, task } from '../lib/index.ts'
import { buildClient } from './build-client.ts'
import type { Config } from './config.ts'
import { distribute } from './distribute.ts'
import { installAurora } from './install-aurora.ts'
import { services } from './known/layout.ts'
import { observerPort } from './known/ports.ts'
import { askHealth } from './services/health.ts'
import { observerInputs, startObserver } from './services/observer.ts'
import { schedulerInputs, schedulerVariables, startScheduler } from './services/scheduler.ts'

export const start = task<Config>({
  module: import.meta.url,
  name: 'start',
  description: 'Start the scheduler, and an observer on every slave, and wait until they are healthy',
  on: ['master', 'slaves'],
  needs: [
    only(installAurora, '**/dist/install/**'),
    only(buildClient, '/etc/aurora/clusters.json'),
    distribute,
  ],
  inputs: ({ config, host, hosts }) =>
    host.role === 'master' ? schedulerInputs(config, hosts.master!.length) : observerInputs(config, host),
  outputs: { files: [services] },
  timeout: '15m',
  async probe({ host, config }) {
    return host.role === 'master'
      ? askHealth(host, config.aurora.httpPort, schedulerVariables)
      : askHealth(host, observerPort(config, host))
  },
  async run({ host, hosts, config, facts }) {
    await (host.role === 'master'
      ? startScheduler(host, config, facts, { masters: hosts.master!.length })
      : startObserver(host, config))
  },
})
