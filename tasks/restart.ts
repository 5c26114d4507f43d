import { task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { observerInputs, startObserver } from './services/observer.ts'
import { schedulerInputs, startScheduler } from './services/scheduler.ts'

export const restart = task<Config>({
  module: import.meta.url,
  name: 'restart',
  description: 'Restart the scheduler and every observer, as they are configured now; jobs go on',
  on: ['master', 'slaves'],
  inputs: ({ config, host, hosts }) =>
    host.role === 'master' ? schedulerInputs(config, hosts.master!.length) : observerInputs(config, host),
  always: true,
  timeout: '15m',
  async run({ host, hosts, config, facts }) {
    await (host.role === 'master'
      ? startScheduler(host, config, facts, { masters: hosts.master!.length, again: true })
      : startObserver(host, config, { again: true }))
  },
})
