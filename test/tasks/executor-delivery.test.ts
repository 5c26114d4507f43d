import { describe, expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import { readZooKeeper } from '../../tasks/hosts/zookeeper.ts'
import { packedFiles, publishedFiles, readPublished } from '../../tasks/services/executor-delivery.ts'
import { schedulerFlags } from '../../tasks/services/scheduler-flags.ts'

const read = (executor = {}) => configSchema.safeParse({ aurora: { sha256: 'a'.repeat(64) }, executor })
const store = 'http://10.0.0.1:8000/executors'
const fetched = { delivery: 'fetcher', store }

it('distributes everything, unless told otherwise', () => {
  const config = read().data!
  expect(publishedFiles(config)).toEqual([])
  expect(packedFiles(config)).toEqual(['thermos_executor.pex', 'gc_executor.pex', 'thermos_observer.pex'])
})

describe("by Mesos' fetcher", () => {
  it('publishes what Mesos starts, and distributes what it does not', () => {
    const config = read(fetched).data!
    expect(publishedFiles(config)).toEqual(['thermos_executor.pex', 'gc_executor.pex'])
    expect(packedFiles(config)).toEqual(['thermos_observer.pex'])
  })

  it('tells the scheduler where the executors were published', () => {
    const uris = ['thermos', 'gc'].map((kind, index) => `${store}/${index}/${kind}_executor.pex`)
    const published = readPublished(uris.join('\n'))
    const place = { address: '10.0.0.1', masters: 1, published }
    expect(schedulerFlags(read(fetched).data!, readZooKeeper('zk://10.0.0.1:2181/mesos'), place)).toEqual(
      expect.arrayContaining([`-thermos_executor_path=${uris[0]}`, `-gc_executor_path=${uris[1]}`]),
    )
  })

  it('starts no scheduler that would not know where they are', () => {
    expect(() => readPublished(null)).toThrow('refused')
  })

  it.each([
    ['without a store', { delivery: 'fetcher' }, 'store'],
    ['with one that the fetcher does not know', { ...fetched, store: 'gopher://10.0.0.1/x' }, 'store'],
    [
      'with Hadoop and no command to put there',
      { ...fetched, store: 'hdfs://10.0.0.1/x', get: 'cat' },
      'put',
    ],
    ['with Hadoop and no command to verify', { ...fetched, store: 'hdfs://10.0.0.1/x', put: 'cp' }, 'get'],
  ])('%s is refused', (_, executor, field) => {
    expect(read(executor).error?.issues[0]?.path).toEqual(['executor', field])
  })
})
