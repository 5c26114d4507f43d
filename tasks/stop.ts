import { task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { stopScripts } from './services/service-scripts.ts'

export const stop = task<Config>({
  module: import.meta.url,
  name: 'stop',
  description: 'Stop the scheduler and every observer; jobs go on',
  on: ['master', 'slaves'],
  inputs: { files: stopScripts },
  always: true,
  timeout: '5m',
  async run({ host }) {
    await host.script('aurora_service.sh', { args: ['stop', 'scheduler', 'observer'] })
  },
})
