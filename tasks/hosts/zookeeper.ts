import { type FactValue, refuse } from '../../lib/index.ts'

/** Where Mesos' masters elect their leader: as the master's own Mesos was told. */
export const zkFact = { zk: { role: 'master', file: '/etc/mesos/zk' } }

export interface ZooKeeper {
  /** As Mesos wants it: `zk://10.0.0.1:2181/mesos`. */
  url: string
  /** As Aurora wants it: `10.0.0.1:2181,10.0.0.2:2181`. */
  endpoints: string
}

export function readZooKeeper(fact: FactValue | undefined): ZooKeeper {
  const url = typeof fact === 'string' ? fact.trim() : ''
  const match = /^zk:\/\/(?:[^@/]+@)?([^/]+)\/\S+$/.exec(url)
  if (!match)
    refuse(
      `The master's /etc/mesos/zk ${url ? `says \`${url}\`` : 'is missing or empty'}.`,
      'It must hold one line such as `zk://10.0.0.10:2181/mesos`: install and configure Mesos on the master first.',
    )
  const endpoints = match[1]!.split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:2181`))
  return { url, endpoints: endpoints.join(',') }
}
