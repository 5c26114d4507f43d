import { machine } from 'node:os'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Box, expectDone, expectRefused, openBox, type Started } from './box.ts'
import { ask, askJson, becomes, type Node, newFacts, startNode } from './nodes.ts'
import { buildEggs, unpackAurora } from './source-release.ts'

/** A job's way through client, scheduler, master, slave, executor and runner, to what the observer shows of it. */

const python = 'src/main/python/apache'
const targets = [
  `${python}/aurora/client/cli:aurora`,
  `${python}/aurora/executor/bin:thermos_executor`,
  `${python}/thermos/bin:thermos_runner`,
  `${python}/thermos/observer/bin:thermos_observer`,
]
const resources = 'apache/aurora/executor/resources'
const key = 'c/root/devel/hello'

let box: Box
let slaveBox: Box
let node: Node
let scheduler: Started

beforeAll(async () => {
  box = openBox()
  slaveBox = openBox()
  const facts = await newFacts(box)
  node = await startNode(box, 'master', facts)
  await startNode(slaveBox, 'slave-1', facts)
  await unpackAurora(box)
  await buildEggs(box)
  expectDone(
    box.run('mkdir aurora/third_party && cp eggs/* aurora/third_party/ && apt-get install -y openjdk-7-jdk'),
  )
  for (const target of targets) expectDone(inAurora(`./pants binary ${target}`))
  expectDone(
    inAurora(
      `mkdir -p t/${resources} && : >t/${resources}/__init__.py && cp dist/thermos_runner.pex t/${resources}/`,
    ),
  )
  expectDone(
    inAurora(
      `cd t && zip -q ../dist/thermos_executor.pex ${resources}/__init__.py ${resources}/thermos_runner.pex`,
    ),
  )
  expectDone(inAurora('gradle installApp'))
  expectDone(
    box.run(`mkdir -p ${slaveBox.path('opt')} && cp aurora/dist/thermos_*.pex ${slaveBox.path('opt')}`),
  )
  const cluster = {
    name: 'c',
    zk: '127.0.0.1',
    zk_port: facts.ports.zookeeper,
    scheduler_zk_path: '/aurora/scheduler',
  }
  box.write('etc/aurora/clusters.json', JSON.stringify([cluster]))
  expectDone(box.run('usr/local/bin/mesos-log initialize --path="$ROOT/db"'))
  slaveBox.start([
    slaveBox.path('opt/thermos_observer.pex'),
    `--root=${slaveBox.path('var/run/thermos')}`,
    `--port=${facts.ports['observer-slave-1']}`,
  ])
  scheduler = await startScheduler()
})
afterEach(() => client('job killall c/root/devel/hello'))
afterAll(() => Promise.all([box.close(), slaveBox.close()]))

const inAurora = (command: string) => box.run(command, { cwd: box.path('aurora') })
const client = (command: string) => box.run(`aurora/dist/aurora.pex ${command}`)
const state = () => /status: (\w+)/.exec(client(`job status ${key}`).stdout)?.[1]

async function startScheduler(executor = '/opt/thermos_executor.pex'): Promise<Started> {
  const flags = {
    cluster_name: 'c',
    serverset_path: '/aurora/scheduler',
    mesos_master_address: box.read('etc/mesos/zk').trim(),
    zk_endpoints: `127.0.0.1:${node.facts.ports.zookeeper}`,
    backup_dir: box.path('backups'),
    native_log_file_path: box.path('db'),
    native_log_zk_group_path: '/aurora/replicated-log',
    thermos_executor_path: executor,
    http_port: node.facts.ports.scheduler,
    hostname: '127.0.0.1',
  }
  const started = box.start(
    [
      box.path('aurora/dist/install/aurora-scheduler/bin/aurora-scheduler'),
      ...Object.entries(flags).map(([name, value]) => `-${name}=${value}`),
    ],
    {
      JAVA_HOME: box.path(`usr/lib/jvm/java-7-openjdk-${machine() === 'x86_64' ? 'amd64' : 'arm64'}`),
      MESOS_NATIVE_JAVA_LIBRARY: box.path('usr/local/lib/libmesos.so'),
      LIBPROCESS_IP: '127.0.0.1',
      LIBPROCESS_PORT: String(node.facts.ports.libprocess),
    },
  )
  await becomes(
    async () => (await askJson(node.facts.ports.scheduler!, '/vars.json'))?.scheduler_lifecycle_ACTIVE,
    1,
  )
  return started
}

/** A job file in which words are others. */
function jobFile(...changes: [string, string][]): string {
  const right = `
# A job that says one thing for ever.
say = Process(name = 'say', cmdline = 'while true; do echo hello; sleep 0.1; done')
task = SequentialTask(processes = [say], resources = Resources(cpu = 0.1, ram = 16*MB, disk = 16*MB))
jobs = [Service(cluster = 'c', role = 'root', environment = 'devel', name = 'hello', task = task)]
`
  return box.write(
    'hello.aurora',
    changes.reduce((text, [from, to]) => text.replace(from, to), right),
  )
}

test('a job runs until it is killed, and the observer shows what it says', async () => {
  expectDone(client(`job create --wait-until=RUNNING ${key} ${jobFile()}`))
  expect(client('job list c/root').stdout).toBe(`${key}\n`)
  const observer = node.facts.ports['observer-slave-1']!
  const [{ task_id: id }] = (await askJson(observer, '/j/task_ids/active')).tasks
  expect(id).toMatch(/^\d+-root-devel-hello-0-/)
  const output = async () => (await askJson(observer, `/logdata/${id}/say/0/stdout?offset=0`)).data
  await expect.poll(output, { timeout: 20_000 }).toMatch(/^hello\n/)
  expect(await askJson(observer, `/logdata/${id}/say/0/stdout`)).not.toHaveProperty('data')
  expect(await ask(observer, `/logs/${id}/say/0/stdout`)).not.toMatch(/^hello$/m)
  expectDone(client(`job killall ${key}`))
  expect(client(`job status ${key}`).stdout).toMatch(/^Active tasks \(0\):/)
  expect((await askJson(observer, '/j/task_ids/active')).tasks).toEqual([])
})

test('a job outlives the scheduler', async () => {
  expectDone(client(`job create --wait-until=RUNNING ${key} ${jobFile()}`))
  await scheduler.end()
  scheduler = await startScheduler()
  expect(state()).toBe('RUNNING')
})

test('a second job of the same name is refused', () => {
  expectDone(client(`job create ${key} ${jobFile()}`))
  expectRefused(client(`job create ${key} ${jobFile()}`), 4, /already exists/)
})

test.each<[string, [string, string], RegExp]>([
  ['an environment that there is not', ["'devel'", "'production'"], /environment must be prod, devel, test/],
  [
    'a job of another name',
    ["'hello'", "'other'"],
    /has no job c\/root\/devel\/hello; it has c\/root\/devel\/other/,
  ],
  ['a field that there is not', ['cpu = 0.1', 'cpus = 0.1'], /Resources has no cpus/],
  [
    'no resources',
    [', resources = Resources(cpu = 0.1, ram = 16*MB, disk = 16*MB)', ''],
    /SequentialTask needs resources/,
  ],
  ['a name that cannot be one', ["name = 'hello'", "name = 'hello there'"], /hello there cannot be a name/],
  ['no jobs', ['jobs =', 'works ='], /has no list of jobs/],
  ['a name that is nowhere defined', ['[say]', '[shout]'], /name 'shout' is not defined/],
])('a file with %s is refused as invalid', (_, change, words) => {
  expectRefused(client(`job inspect ${key} ${jobFile(change)}`), 3, words)
})

test.each<[string, number, RegExp]>([
  [`job create --frobnicate ${key} hello.aurora`, 2, /unrecognized arguments: --frobnicate/],
  [`job create --wait-until=STARTED ${key} hello.aurora`, 2, /invalid choice: 'STARTED'/],
  [`job killall --wait-until=RUNNING ${key}`, 2, /unrecognized arguments: --wait-until=RUNNING/],
  [`job create ${key}`, 6, /a job key and a file are needed/],
])('the client refuses %s', (command, status, words) => {
  jobFile()
  expectRefused(client(command), status, words)
})

test('production needs a quota, which nobody has here', () => {
  const production = jobFile(['task = task', 'production = True, task = task'])
  expectRefused(client(`job create ${key} ${production}`), 4, /Insufficient resource quota/)
})

test('a role that is no user of the slave loses its tasks', () => {
  const role = 'c/nobody-here/devel/hello'
  const refused = client(`job create --wait-until=RUNNING ${role} ${jobFile(["'root'", "'nobody-here'"])}`)
  expectRefused(refused, 4, /LOST Could not create sandbox because user does not exist: nobody-here/)
})

test('no two tasks of a job run on one slave', async () => {
  expectDone(client(`job create ${key} ${jobFile(['task = task', 'instances = 2, task = task'])}`))
  const states = () =>
    [...client(`job status ${key}`).stdout.matchAll(/status: (\w+)/g)].map(([, state]) => state)
  await becomes(states, ['RUNNING', 'PENDING'])
})

test('tasks are lost where the executor is missing', async () => {
  await scheduler.end()
  scheduler = await startScheduler('/opt/missing.pex')
  expectRefused(client(`job create --wait-until=RUNNING ${key} ${jobFile()}`), 4, /LOST ENOENT/)
})

test('a client that knows no cluster of that name says so, and one that reaches no scheduler', async () => {
  expectRefused(client('job list other'), 6, /unknown cluster other/)
  await scheduler.end()
  await becomes(() => client('job list c').status, 7)
})
