import { expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import { readZooKeeper } from '../../tasks/hosts/zookeeper.ts'
import { schedulerFlags } from '../../tasks/services/scheduler-flags.ts'

const flagsWith = (aurora = {}, masters = 1) => {
  const config = configSchema.parse({ aurora: { sha256: 'a'.repeat(64), ...aurora } })
  return schedulerFlags(config, readZooKeeper('zk://10.0.0.1:2181/mesos'), { address: '10.0.0.1', masters })
}

it('gives all that the scheduler cannot do without', () => {
  expect(flagsWith()).toEqual(
    expect.arrayContaining([
      '-cluster_name=devcluster',
      '-serverset_path=/aurora/scheduler',
      '-mesos_master_address=zk://10.0.0.1:2181/mesos',
      '-zk_endpoints=10.0.0.1:2181',
      '-native_log_zk_group_path=/aurora/replicated-log',
      '-native_log_quorum_size=1',
      '-hostname=10.0.0.1',
    ]),
  )
})

it('names the executors as slaves have them', () => {
  expect(flagsWith()).toEqual(
    expect.arrayContaining([
      '-thermos_executor_path=/var/lib/aurora-mesosphere/executors/current/thermos_executor.pex',
      '-gc_executor_path=/var/lib/aurora-mesosphere/executors/current/gc_executor.pex',
    ]),
  )
})

it('adds the flags of the cluster file, and lets them win', () => {
  const flags = flagsWith({ flags: { executor_gc_interval: '5mins', vlog: 'WARNING' } })
  expect(flags).toContain('-executor_gc_interval=5mins')
  expect(flags.filter((flag) => flag.startsWith('-vlog='))).toEqual(['-vlog=WARNING'])
})

it.each([
  [1, 1],
  [3, 2],
  [5, 3],
  [7, 4],
])('has, of %d masters, a quorum of %d', (masters, quorum) => {
  expect(flagsWith({}, masters)).toContain(`-native_log_quorum_size=${quorum}`)
})
