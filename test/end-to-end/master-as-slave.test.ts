import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenCluster } from './open-cluster.ts'
import { openCluster } from './open-cluster.ts'
import { runJson } from './program.ts'

const minutes = 60_000

let cluster: OpenCluster
beforeAll(async () => {
  cluster = await openCluster()
}, 10 * minutes)
afterAll(() => cluster.close())

test(
  'a master that is a slave, too, has scheduler and observer, and then nothing is left to do',
  async () => {
    const file = await cluster.clusterFile(({ hosts, aurora, ...rest }) => ({
      ...rest,
      hosts: { master: hosts.master, slaves: [hosts.master, hosts.slaves[0]] },
      // No Mesos slave that could have attributes runs on the test's master.
      aurora: { ...aurora, flags: { enable_legacy_constraints: 'false' } },
    }))
    const start = () => runJson(cluster.root, ['run', 'start', '--cluster', file])
    const first = await start()
    expect(first.exitCode, first.stderr).toBe(0)
    const health = 'for port in 8081 1338; do curl -sf http://127.0.0.1:$port/health; echo; done'
    expect(await cluster.shell('master', health)).toBe('OK\nOK')
    const { ends } = await start()
    expect(ends.filter(({ status }) => status !== 'up-to-date')).toEqual([])
  },
  10 * minutes,
)
