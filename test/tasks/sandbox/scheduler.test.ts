import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { machine } from 'node:os'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sandbox } from '../../../tasks/sandbox/index.ts'
import { type Box, expectDone, expectRefused, openBox, type Started } from './box.ts'
import { ask, askJson, becomes, type Node, newFacts, startNode } from './nodes.ts'
import { unpackAurora } from './source-release.ts'

let box: Box
let node: Node
let slave: Box
let scheduler: Started | undefined

beforeAll(async () => {
  box = openBox()
  slave = openBox()
  const facts = await newFacts(box)
  node = await startNode(box, 'master', facts)
  await startNode(slave, 'slave-1', facts)
  await unpackAurora(box)
  expectDone(box.run('apt-get install -y openjdk-7-jdk && cd aurora && gradle installApp'))
  expectDone(
    box.run('./pants binary src/main/python/apache/aurora/admin:aurora_admin', { cwd: box.path('aurora') }),
  )
  await becomes(async () => (await askJson(port('mesos-master'), '/master/stats.json'))?.activated_slaves, 1)
})
afterEach(async () => {
  await scheduler?.end()
  scheduler = undefined
  expectDone(box.run('rm -rf db backups'))
})
afterAll(() => Promise.all([box.close(), slave.close()]))

const port = (name: string) => node.facts.ports[name]!
const vars = () => askJson(port('scheduler'), '/vars.json')

function flags(): Record<string, string> {
  return {
    cluster_name: 'test',
    serverset_path: '/aurora/scheduler',
    mesos_master_address: box.read('etc/mesos/zk').trim(),
    zk_endpoints: `127.0.0.1:${port('zookeeper')}`,
    backup_dir: box.path('backups'),
    native_log_file_path: box.path('db'),
    native_log_zk_group_path: '/aurora/replicated-log',
    native_log_quorum_size: '1',
    thermos_executor_path: '/opt/thermos_executor.pex',
    http_port: String(port('scheduler')),
    hostname: '127.0.0.1',
  }
}

/** Starts the scheduler with flags and variables that differ from the right ones as said; '' leaves one out. */
function start(different: Record<string, string> = {}, variables: Record<string, string> = {}): Started {
  const given = withoutEmpty({ ...flags(), ...different })
  const env = withoutEmpty({
    JAVA_HOME: box.path(`usr/lib/jvm/java-7-openjdk-${machine() === 'x86_64' ? 'amd64' : 'arm64'}`),
    JAVA_OPTS: '-server -Xmx1g',
    MESOS_NATIVE_JAVA_LIBRARY: box.path('usr/local/lib/libmesos.so'),
    LIBPROCESS_IP: '127.0.0.1',
    LIBPROCESS_PORT: String(port('libprocess')),
    ...variables,
  })
  const program = box.path('aurora/dist/install/aurora-scheduler/bin/aurora-scheduler')
  scheduler = box.start([program, ...Object.entries(given).map(([name, value]) => `-${name}=${value}`)], env)
  return scheduler
}

function withoutEmpty(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

const initialize = () => expectDone(box.run('usr/local/bin/mesos-log initialize --path="$ROOT/db"'))
const active = async () => (await vars())?.scheduler_lifecycle_ACTIVE

test('it becomes active once Mesos knows it', async () => {
  initialize()
  start()
  await becomes(() => ask(port('scheduler'), '/health'), 'OK')
  await becomes(active, 1)
  expect(await vars()).toMatchObject({ framework_registered: 1, outstanding_offers: 1 })
  expect(await ask(port('scheduler'), '/vars')).toMatch(/^framework_registered 1$/m)
  expect(await ask(port('scheduler'), '/scheduler')).toMatch(/miniature scheduler/)
  expect(await ask(port('scheduler'), '/slaves')).toMatch(/Slaves: 127\.0\.0\.1\b/)
  expect((await askJson(port('mesos-master'), '/master/state.json')).frameworks).toMatchObject([
    { name: 'TwitterScheduler', active: true },
  ])
  expect(existsSync(box.path('backups'))).toBe(true)
})

test('clients find it through ZooKeeper', async () => {
  initialize()
  start()
  await becomes(active, 1)
  const cluster = {
    name: 'c',
    zk: '127.0.0.1',
    zk_port: port('zookeeper'),
    scheduler_zk_path: '/aurora/scheduler',
  }
  box.write('etc/aurora/clusters.json', JSON.stringify([cluster]))
  const found = () => box.run('aurora/dist/aurora_admin.pex get_scheduler c').stdout
  await becomes(found, `Found leading scheduler at: http://127.0.0.1:${port('scheduler')}\n`)
  await scheduler!.end()
  await becomes(found, '')
})

test('the admin client says so where there is no cluster of that name, no scheduler, or no sense in the file', () => {
  const cluster = {
    name: 'c',
    zk: '127.0.0.1',
    zk_port: port('zookeeper'),
    scheduler_zk_path: '/aurora/other',
  }
  const getScheduler = (clusters: string) => {
    box.write('etc/aurora/clusters.json', clusters)
    return box.run('aurora/dist/aurora_admin.pex get_scheduler c')
  }
  expectRefused(getScheduler('[]'), 1, /Unknown cluster: c/)
  expectRefused(getScheduler(JSON.stringify([cluster])), 1, /No schedulers detected in c!/)
  expectRefused(getScheduler('[{ "name": "c" },]'), 1, /clusters\.json is not valid JSON/)
  const { scheduler_zk_path, ...withoutPath } = cluster
  expectRefused(getScheduler(JSON.stringify([withoutPath])), 1, /c has zk but no scheduler_zk_path/)
  expectRefused(box.run('aurora/dist/aurora_admin.pex frobnicate'), 1, /usage: aurora_admin/)
})

test.each(['quitquitquit', 'abortabortabort'])(
  'POST to /%s ends it with status 0, GET does not',
  async (command) => {
    initialize()
    const started = start()
    await becomes(() => ask(port('scheduler'), '/health'), 'OK')
    expect(await ask(port('scheduler'), `/${command}`)).toBe(405)
    expect(await ask(port('scheduler'), '/health')).toBe('OK')
    expect(await ask(port('scheduler'), `/${command}`, 'POST')).toBe('')
    expect(await started.ended).toBe(0)
  },
)

test('clients must POST what they ask', async () => {
  start()
  await becomes(() => ask(port('scheduler'), '/health'), 'OK')
  expect(await ask(port('scheduler'), '/api')).toBe(405)
})

test.each([
  [{ frobnicate: '1' }, /Unknown argument: -frobnicate=1/],
  [{ cluster_name: '' }, /Missing required argument: cluster_name/],
  [{ serverset_path: '' }, /Missing required argument: serverset_path/],
  [{ mesos_master_address: '' }, /Missing required argument: mesos_master_address/],
  [{ zk_endpoints: '' }, /Missing required argument: zk_endpoints/],
  [{ backup_dir: '' }, /Missing required argument: backup_dir/],
  [{ native_log_file_path: '' }, /NullPointerException: -native_log_file_path/],
  [{ native_log_zk_group_path: '' }, /NullPointerException: -native_log_zk_group_path/],
  [{ thermos_executor_path: '' }, /NullPointerException: -thermos_executor_path/],
  [{ thermos_executor_path: '/opt/executors/' }, /Argument thermos_executor_path cannot be/],
  [{ max_registration_delay: '5m' }, /Argument max_registration_delay cannot be 5m/],
  [{ zk_endpoints: 'localhost' }, /Argument zk_endpoints cannot be localhost/],
  [{ serverset_path: 'aurora/scheduler' }, /Argument serverset_path cannot be aurora\/scheduler/],
  [{ native_log_quorum_size: 'two' }, /Argument native_log_quorum_size cannot be two/],
  [{ thermos_executor_ram: '128' }, /Argument thermos_executor_ram cannot be 128/],
  [{ thermos_executor_cpu: 'much' }, /Argument thermos_executor_cpu cannot be much/],
  [{ enable_beta_updater: 'yes' }, /Argument enable_beta_updater cannot be yes/],
  [{ allowed_container_types: 'RKT' }, /Argument allowed_container_types cannot be RKT/],
  [{ gc_executor_path: 'gc_executor.pex' }, /Argument gc_executor_path cannot be gc_executor\.pex/],
])('flags other by %j end it with status 1', async (different, words) => {
  const started = start(different)
  expect(await started.ended).toBe(1)
  expect(started.output()).toMatch(words)
})

test.each(['/opt/x.pex', 'http://10.0.0.1/x.pex', 'hdfs://10.0.0.1/x.pex', 's3://bucket/x.pex'])(
  'an executor may lie wherever the fetcher takes it from: %s',
  async (thermos_executor_path) => {
    const started = start({ thermos_executor_path, native_log_file_path: '' })
    expect(await started.ended).toBe(1)
    expect(started.output()).toMatch(/-native_log_file_path is not set/)
  },
)

test.each(['http_port', 'LIBPROCESS_PORT'])('a port that another has ends it: %s', async (which) => {
  initialize()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const taken = String((other.address() as AddressInfo).port)
  const started = which === 'http_port' ? start({ http_port: taken }) : start({}, { LIBPROCESS_PORT: taken })
  expect(await started.ended).toBe(1)
  expect(started.output()).toMatch(/BindException/)
  other.close()
})

test('it needs libmesos', async () => {
  const started = start({}, { MESOS_NATIVE_JAVA_LIBRARY: '/nowhere/libmesos.so' })
  expect(await started.ended).toBe(1)
  expect(started.output()).toMatch(/UnsatisfiedLinkError/)
})

test('a log that was not initialised keeps it from becoming ready, though it is healthy', async () => {
  const started = start()
  await becomes(() => ask(port('scheduler'), '/health'), 'OK')
  await becomes(() => /Replica in EMPTY status/.test(started.output()), true)
  expect(await ask(port('scheduler'), '/api', 'POST')).toContain('Storage is not READY')
  expect(await vars()).toMatchObject({ scheduler_lifecycle_PREPARING_STORAGE: 1, framework_registered: 0 })
})

test('a quorum that there never is keeps it from becoming ready', async () => {
  initialize()
  const started = start({ native_log_quorum_size: '2' })
  await becomes(() => /Waiting for a quorum of 2 replicas: there are 1/.test(started.output()), true)
  expect(await vars()).toMatchObject({ scheduler_lifecycle_PREPARING_STORAGE: 1 })
})

test('a quorum that is no majority of the replicas ends it, before it corrupts the log', async () => {
  initialize()
  const path = '/aurora/replicated-log/replica_'
  const other = request({ port: port('zookeeper'), method: 'PUT', path }).on('error', () => {})
  other.end('{}')
  await once(other, 'response')
  const started = start({ native_log_quorum_size: '1' })
  expect(await started.ended).toBe(134)
  expect(started.output()).toMatch(/A quorum of 1 is no majority of 2 replicas/)
  other.destroy()
})

test('a name of its own host that means nothing there ends it', async () => {
  const started = start({ hostname: 'no-such-host.invalid' })
  expect(await started.ended).toBe(1)
  expect(started.output()).toMatch(/UnknownHostException: no-such-host\.invalid/)
})

test('a second one at the same log is aborted', async () => {
  initialize()
  const first = start()
  await becomes(active, 1)
  const second = start()
  expect(await second.ended).toBe(134)
  expect(box.run('usr/local/bin/mesos-log initialize --path="$ROOT/db"').status).toBe(134)
  await first.end()
})

test('where no master leads it is never registered, and ends', async () => {
  initialize()
  const elsewhere = flags().mesos_master_address!.replace('/mesos', '/mesos/master')
  const started = start({ mesos_master_address: elsewhere, max_registration_delay: '1secs' })
  expect(await started.ended).toBe(0)
  expect(started.output()).toMatch(/Not registered with Mesos: no master leads at/)
  expect(started.output()).toMatch(/not been registered within the tolerated delay/)
})

test('without an address at which the master reaches it, it is never registered, and ends', async () => {
  initialize()
  const started = start({ max_registration_delay: '1secs' }, { LIBPROCESS_IP: '' })
  expect(await started.ended).toBe(0)
  expect(started.output()).toMatch(/Not registered with Mesos: .* answered 409/)
  expect(started.output()).toMatch(/not been registered within the tolerated delay/)
})

test('it registers again with a master that was away', async () => {
  initialize()
  start()
  await becomes(active, 1)
  await node.services['mesos-master']!.end()
  await becomes(async () => (await vars()).framework_registered, 0)
  node.services['mesos-master'] = box.start(sandbox.services(node.host, node.facts)[1]!.argv)
  await becomes(async () => (await vars()).framework_registered, 1)
})

test('it ends after its time of leading', async () => {
  initialize()
  const started = start({ max_leading_duration: '1secs' })
  expect(await started.ended).toBe(0)
  expect(started.output()).toMatch(/Leading for max_leading_duration/)
})
