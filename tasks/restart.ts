import { task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { observerInputs, startObserver } from './observer.ts'
import { schedulerInputs, startScheduler } from './scheduler.ts'

export const restart = task<Config>({
  module: import.meta.url,
  name: 'restart',
  description: 'Restart the scheduler and every observer, as they are configured now; jobs go on',
  on: ['master', 'slaves'],
  inputs: ({ config, host }) =>
    host.role === 'master' ? schedulerInputs(config) : observerInputs(config, host),
  always: true,
  timeout: '15m',
  async run({ host, config, facts }) {
    const again = { again: true }
    await (host.role === 'master'
      ? startScheduler(host, config, facts, again)
      : startObserver(host, config, again))
  },
})
