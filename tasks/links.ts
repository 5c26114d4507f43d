import type { Hosts, Link } from '../lib/index.ts'
import type { Config } from './config.ts'
import { observerPort } from './known/ports.ts'

/** Where a deployed cluster is to be seen. */
export function links({ config, hosts }: { config: Config; hosts: Hosts }): Link[] {
  const { master = [], slaves = [] } = hosts
  return [
    ...master.map(({ address }) => ({
      task: 'start',
      label: 'scheduler',
      url: `http://${address}:${config.aurora.httpPort}/scheduler`,
    })),
    ...slaves.map((slave) => ({
      task: 'start',
      label: `observer of ${slave.name}`,
      url: `http://${slave.address}:${observerPort(config, slave)}/`,
    })),
  ]
}
