import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'
import { json, keepRunning, Listeners, wrongIn } from './checklist.ts'

/** What answers on a master where all is well. A test changes what is not. */
interface Answers {
  zookeeper: Record<string, string>
  state: any
  stats: any
  vars: Record<string, number>
  slavesPage: string
}

let host: HostFolder
let answers: Answers
let listeners: Listeners
let ports: { zookeeper: number; mesos: number; scheduler: number }

beforeEach(async () => {
  host = new HostFolder()
  listeners = new Listeners()
  answers = whereAllIsWell()
  ports = {
    zookeeper: await listeners.listen(
      createServer((socket) => {
        socket.on('error', () => {}).once('data', (word) => socket.end(answers.zookeeper[String(word)] ?? ''))
      }),
    ),
    mesos: await listeners.serve(() => ({
      '/master/health': '',
      '/master/state.json': json(answers.state),
      '/master/stats.json': json(answers.stats),
    })),
    scheduler: await listeners.serve(() => ({
      '/health': 'OK',
      '/vars': lines(answers.vars),
      '/slaves': answers.slavesPage,
    })),
  }
  host.write('/etc/mesos-master/port', `${ports.mesos}\n`)
  host.write('/var/lib/aurora/db/CURRENT', '')
  keepRunning(host, 'scheduler')
  client('aurora', 'echo 0.7.0-incubating')
  client('aurora_admin', `echo "Found leading scheduler at: http://127.0.0.1:${ports.scheduler}"`)
})
afterEach(() => {
  listeners.close()
  host.remove()
})

/** As Mesos 0.20.1 tells it: keys in the order of the alphabet, so that flags come before what the master is. */
function whereAllIsWell(): Answers {
  const slave = (number: number) => ({
    attributes: { host: `slave-${number}`, rack: number },
    hostname: `10.0.0.${number}`,
    id: `S${number}`,
  })
  const framework = { active: true, completed_tasks: [], id: 'F1', name: 'TwitterScheduler', tasks: [] }
  return {
    zookeeper: {
      ruok: 'imok',
      dump: 'Sessions with Ephemerals (1):\n\t/aurora/scheduler/member_0000000003\n',
    },
    state: {
      activated_slaves: 2,
      completed_frameworks: [],
      flags: { version: 'false', work_dir: '/var/lib/mesos', zk: 'zk://10.0.0.1:2181/mesos' },
      frameworks: [framework],
      leader: 'master@10.0.0.1:5050',
      pid: 'master@10.0.0.1:5050',
      slaves: [slave(1), slave(2)],
      version: '0.20.1',
    },
    slavesPage: '<li>10.0.0.1</li><li>10.0.0.2</li>',
    stats: { activated_slaves: 2, elected: 1 },
    vars: {
      framework_registered: 1,
      gc_executor_tasks_lost: 0,
      jvm_uptime_secs: 61,
      scheduler_gc_tasks_created: 2,
      scheduler_lifecycle_ACTIVE: 1,
      scheduler_resource_offers: 12,
    },
  }
}

const lines = (vars: object) =>
  Object.entries(vars)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('')

function client(name: string, says: string): void {
  host.write(`/aurora/dist/${name}.pex`, `#!/bin/sh\n${says}\n`, 0o755)
}

const check = (env: Record<string, string> = {}) =>
  host.run('aurora_check.sh', {
    env: {
      AURORA_HOME: '/aurora',
      AURORA_STATE: '/var/lib/aurora',
      CLIENT: 'aurora.pex',
      ADMIN: 'aurora_admin.pex',
      CLUSTER: 'c',
      VERSION: '0.7.0-incubating',
      MESOS_VERSION: '0.20.1',
      ENDPOINTS: `127.0.0.1:${ports.zookeeper}`,
      HTTP_PORT: String(ports.scheduler),
      SERVERSET: '/aurora/scheduler',
      STEADY: '60',
      SLAVES: '2',
      NEEDED_ATTRIBUTES: 'host rack',
      COLLECTS_GARBAGE: 'yes',
      ...env,
    },
  })

it('finds nothing wrong where all is well, and names what it did not look at', async () => {
  const { exitCode, output } = await check()
  expect(wrongIn(output), output).toEqual([])
  expect(exitCode).toBe(0)
  expect(output).toContain('The master: all that was checked is as it should be.')
  expect([...output.matchAll(/^not checked: (.*?):/gm)].map(([, what]) => what)).toEqual([
    'each of them is offered now',
    'a job runs',
    'the scheduler comes back when it ends',
  ])
})

it.each<[string, (answers: Answers) => void, string[]]>([
  [
    'ZooKeeper is not well',
    ({ zookeeper }) => (zookeeper.ruok = 'This ZooKeeper instance is not currently serving requests'),
    ['ZooKeeper answers at ENDPOINT'],
  ],
  ['Mesos is another version', ({ state }) => (state.version = '0.21.1'), ['it is Mesos 0.20.1']],
  ['another master leads', ({ state }) => (state.leader = 'master@10.0.0.9:5050'), ['it leads']],
  ['the master was not elected', ({ stats }) => (stats.elected = 0), ['it leads']],
  ['a slave is missing', ({ stats }) => (stats.activated_slaves = 1), ['it has 2 slaves']],
  [
    'a slave has no rack',
    ({ state }) => delete state.slaves[1].attributes.rack,
    ['every slave has the attribute rack'],
  ],
  [
    'two slaves call themselves the same',
    ({ state }) => (state.slaves[1].attributes.host = 'slave-1'),
    ['no two slaves have the same attribute host'],
  ],
  ['Aurora is not registered', ({ state }) => (state.frameworks = []), ['Aurora is registered with it']],
  [
    'Aurora is known, and not connected',
    ({ state }) => (state.frameworks[0].active = false),
    ['Aurora is registered with it'],
  ],
  [
    'Aurora was registered once',
    ({ state }) => ([state.frameworks, state.completed_frameworks] = [[], state.frameworks]),
    ['Aurora is registered with it'],
  ],
  [
    'the scheduler does not lead',
    ({ vars }) => (vars.scheduler_lifecycle_ACTIVE = 0),
    ['it says: scheduler_lifecycle_ACTIVE 1'],
  ],
  [
    'the scheduler is not registered',
    ({ vars }) => (vars.framework_registered = 0),
    ['it says: framework_registered 1'],
  ],
  [
    'the scheduler is offered nothing',
    ({ vars }) => (vars.scheduler_resource_offers = 0),
    ['it gets offers'],
  ],
  [
    'a slave has never been offered',
    (answers) => (answers.slavesPage = '<li>10.0.0.1</li><li>10.0.0.21</li>'),
    ['it has been offered every slave'],
  ],
  [
    'slaves lose what collects garbage',
    ({ vars }) => (vars.gc_executor_tasks_lost = 1),
    ['no slave lost what collects garbage'],
  ],
  [
    'two schedulers call themselves the leader',
    ({ zookeeper }) => (zookeeper.dump += '\t/aurora/scheduler/member_0000000004\n'),
    ['ZooKeeper knows one scheduler that leads, at /aurora/scheduler'],
  ],
])('says so where %s, and fails', async (_, change, sentences) => {
  change(answers)
  const { exitCode, output } = await check()
  const named = sentences.map((sentence) => sentence.replace('ENDPOINT', `127.0.0.1:${ports.zookeeper}`))
  expect(wrongIn(output), output).toEqual(named)
  expect(exitCode).toBe(1)
})

it('says so where the scheduler ends again and again', async () => {
  answers.vars.jvm_uptime_secs = 0
  expect(wrongIn((await check({ STEADY: '1' })).output)).toEqual(['it has not ended for 1 s'])
})

it('says so where nothing keeps the scheduler running, and where it has no log', async () => {
  host.unlink('/var/run/aurora/scheduler.pid')
  host.unlink('/var/lib/aurora/db/CURRENT')
  expect(wrongIn((await check()).output)).toEqual([
    'the scheduler is kept running',
    'it has a replicated log',
  ])
})

it('says so where clients are of another release, find no scheduler, or do not reach it', async () => {
  client('aurora', 'echo 0.8.0')
  client('aurora_admin', 'exit 1')
  const sentences = ['clients are of Aurora 0.7.0-incubating', 'clients find the scheduler']
  expect(wrongIn((await check()).output)).toEqual(sentences)
  client('aurora_admin', 'echo "Found leading scheduler at: http://127.0.0.1:1"')
  expect(wrongIn((await check()).output)).toEqual([
    sentences[0],
    'they reach it there, at http://127.0.0.1:1',
  ])
})

it('leaves out what this Aurora has not, and says what it has not been able to see', async () => {
  answers.vars.gc_executor_tasks_lost = 1
  answers.zookeeper.dump = 'dump is not executed because it is not in the whitelist.'
  const { exitCode, output } = await check({ COLLECTS_GARBAGE: '', NEEDED_ATTRIBUTES: '' })
  expect(exitCode, output).toBe(0)
  expect(output).not.toMatch(/garbage|attribute rack/)
  expect(output).toMatch(
    /^not checked: ZooKeeper knows one scheduler that leads, .*4lw\.commands\.whitelist/m,
  )
})

it('says that no slave has been asked to collect garbage yet', async () => {
  answers.vars.scheduler_gc_tasks_created = 0
  expect((await check()).output).toMatch(/^not checked: slaves collect garbage: /m)
})
