import { expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import { clustersJson } from '../../tasks/hosts/clusters-json.ts'
import { readZooKeeper } from '../../tasks/hosts/zookeeper.ts'

const config = configSchema.parse({ aurora: { sha256: 'a'.repeat(64), clusterName: 'devcluster' } })
const clusters = (zk: string) => JSON.parse(clustersJson(config, readZooKeeper(zk), '/tmp/mesos'))

it('tells clients of the scheduler and of the slaves', () => {
  expect(clusters('zk://10.0.0.10:2181/mesos')).toEqual([
    {
      name: 'devcluster',
      zk: '10.0.0.10',
      zk_port: 2181,
      scheduler_zk_path: '/aurora/scheduler',
      auth_mechanism: 'UNAUTHENTICATED',
      slave_root: '/tmp/mesos',
      slave_run_directory: 'latest',
    },
  ])
})

it('leaves the last port to `zk_port`, which clients put behind the whole list', () => {
  expect(clusters('zk://one:2181,two:2182,three:2183/mesos')[0]).toMatchObject({
    zk: 'one:2181,two:2182,three',
    zk_port: 2183,
  })
})
