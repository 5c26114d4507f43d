import { describe, expect, it } from 'vitest'
import { readZooKeeper } from '../../tasks/hosts/zookeeper.ts'

describe.each([
  ['zk://10.0.0.1:2181/mesos', '10.0.0.1:2181'],
  ['zk://10.0.0.1:2181,10.0.0.2:2182/mesos', '10.0.0.1:2181,10.0.0.2:2182'],
  ['zk://one,two:2182/a/path', 'one:2181,two:2182'],
  ['zk://user:secret@10.0.0.1:2181/mesos', '10.0.0.1:2181'],
])('%s', (url, endpoints) => {
  it('is read', () => expect(readZooKeeper(url)).toEqual({ url, endpoints }))
})

it.each([null, '', '10.0.0.1:2181', 'zk://10.0.0.1:2181', 'file:///etc/zk'])('refuses %j', (fact) => {
  expect(() => readZooKeeper(fact)).toThrow()
})
