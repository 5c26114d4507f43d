import type { SandboxOptions } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { portNames } from './ports.ts'
import { services } from './services.ts'
import { standIns } from './stand-ins.ts'

/** What stands in for Mesos and Aurora when there is no cluster. The rest is loaded when a sandbox is opened. */
export const sandbox: SandboxOptions<Config> = {
  hosts: { master: 1, slaves: 4 },
  ports: portNames,
  standIns,
  config: async (facts) => (await import('./cluster-config.ts')).clusterConfig(facts),
  furnish: async (host, facts) => (await import('./furnish.ts')).furnish(host, facts),
  prepare: async (facts) => (await import('./release-files.ts')).writeReleases(facts),
  services,
}
