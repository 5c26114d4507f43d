import { task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { deployed } from './deployed.ts'
import { clientFiles } from './known/artefacts.ts'
import { observerPort } from './known/ports.ts'

export const smokeTest = task<Config>({
  module: import.meta.url,
  name: 'smoke-test',
  description: 'Run a small job on the cluster, read its output and kill it',
  on: 'master',
  needs: [deployed],
  inputs: {
    files: ['aurora_smoke_test', 'lib', 'lib_client', 'lib_http'].map((name) => `remote-scripts/${name}.sh`),
  },
  always: true,
  timeout: '20m',
  async run({ host, hosts, config }) {
    const { role, timeout } = config.smokeTest
    const observers = hosts.slaves!.map((slave) => `${slave.address}:${observerPort(config, slave)}`)
    await host.script('aurora_smoke_test.sh', {
      env: {
        AURORA_HOME: config.aurora.home,
        CLIENT: clientFiles(config).CLIENT,
        CLUSTER: config.aurora.clusterName,
        ROLE: role,
        OBSERVERS: observers.join(' '),
        TIMEOUT: String(timeout),
      },
    })
  },
})
