import { task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { start } from './start.ts'

/** For what must wait until all hosts are ready: a task on a host would wait for that host's `start` only. */
export const deployed = task<Config>({
  module: import.meta.url,
  name: 'deployed',
  description: 'All of the above, on every host',
  needs: [start],
  always: true,
  async run() {},
})
