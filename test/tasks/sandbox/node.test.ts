import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SandboxFacts } from '../../../lib/index.ts'
import { sandbox } from '../../../tasks/sandbox/index.ts'
// @ts-expect-error the miniatures are plain JavaScript
import { openSession } from '../../../tasks/sandbox/node/session.mjs'
import { type Box, expectRefused, openBox } from './box.ts'
import { ask, askJson, becomes, newFacts, startNode } from './nodes.ts'

let master: Box
let slave: Box
let facts: SandboxFacts
beforeEach(async () => {
  ;[master, slave] = [openBox(), openBox()]
  facts = await newFacts(master)
})
afterEach(() => Promise.all([master.close(), slave.close()]))

const port = (name: string) => facts.ports[name]!

test('a slave registers with the master that ZooKeeper names', async () => {
  await startNode(slave, 'slave-1', facts)
  await startNode(master, 'master', facts)
  await becomes(async () => (await askJson(port('mesos-master'), '/master/stats.json'))?.activated_slaves, 1)

  const state = await askJson(port('mesos-master'), '/master/state.json')
  expect(state.leader).toBe(state.pid)
  expect(state.version).toBe('0.20.1')
  expect(state.slaves[0].attributes).toEqual({ host: 'slave-1', rack: 'sandbox' })
  expect(await ask(port('mesos-master'), '/master/health')).toBe('')
  expect(await ask(port('mesos-master'), '/master/redirect')).toBe(307)
})

test('the master tells all in the order of the alphabet, the flag `version` before the version', async () => {
  await startNode(master, 'master', facts)
  await becomes(async () => typeof (await ask(port('mesos-master'), '/master/state.json')), 'string')
  const said = String(await ask(port('mesos-master'), '/master/state.json'))
  const keys = Object.keys(JSON.parse(said))
  expect(keys).toEqual([...keys].sort())
  expect(said.match(/"version":"[^"]*"/g)).toEqual(['"version":"false"', '"version":"0.20.1"'])
})

test('an attribute that reads as a number is one', async () => {
  const host = { name: 'slave-1', role: 'slaves', address: '127.0.0.1', root: slave.root }
  await sandbox.furnish(host, facts)
  slave.write('etc/mesos-slave/attributes/rack', '7\n')
  slave.start(sandbox.services(host, facts)[0]!.argv)
  await becomes(async () => (await askJson(port('mesos-slave-1'), '/slave(1)/state.json'))?.attributes, {
    host: 'slave-1',
    rack: 7,
  })
})

test('a slave whose attributes changed does not start until it may forget what it was', async () => {
  const host = { name: 'slave-1', role: 'slaves', address: '127.0.0.1', root: slave.root }
  const start = () => slave.start(sandbox.services(host, facts)[0]!.argv)
  const answers = () => becomes(() => ask(port('mesos-slave-1'), '/slave(1)/health'), '')
  await sandbox.furnish(host, facts)
  for (let time = 0; time < 2; time++) {
    const started = start()
    await answers()
    await started.end()
  }
  slave.write('etc/mesos-slave/attributes/rack', 'other\n')
  const refused = start()
  expect(await refused.ended).toBe(1)
  expect(refused.output()).toMatch(/Incompatible slave info detected/)
  expect(slave.run('rm "$ROOT/var/lib/mesos/meta/slaves/latest"').status).toBe(0)
  start()
  await answers()
})

test('a slave that ended is forgotten', async () => {
  await startNode(master, 'master', facts)
  const { services } = await startNode(slave, 'slave-1', facts)
  const slaves = async () => (await askJson(port('mesos-master'), '/master/stats.json'))?.activated_slaves
  await becomes(slaves, 1)
  await services['mesos-slave']!.end()
  await becomes(slaves, 0)
})

test('an order for a slave that the master does not reach, or does not know, fails', async () => {
  await startNode(master, 'master', facts)
  await becomes(() => ask(port('mesos-master'), '/master/health'), '')
  const url = `http://127.0.0.1:${port('mesos-master')}`
  let close = () => {}
  const { id } = await new Promise<{ id: string }>((onLine, onEnd) => {
    const pid = `slave(1)@127.0.0.1:${port('mesos-slave-1')}`
    close = openSession('POST', `${url}/slaves`, { pid }, { onLine, onEnd })
  })
  const launch = (slave: string) =>
    fetch(`${url}/launch`, { method: 'POST', body: JSON.stringify({ slave }) }).then(({ status }) => status)
  expect(await launch(id)).toBe(502)
  expect(await launch('unknown')).toBe(502)
  close()
})

test('a slave says where it works and what it is', async () => {
  await startNode(slave, 'slave-2', facts)
  await becomes(() => ask(port('mesos-slave-2'), '/slave(1)/health'), '')
  const state = await askJson(port('mesos-slave-2'), '/slave(1)/state.json')
  expect(state.flags.work_dir).toBe('/var/lib/mesos')
  expect(state.attributes).toEqual({ host: 'slave-2', rack: 'sandbox' })
})

test('ZooKeeper says that it is well', async () => {
  await startNode(master, 'master', facts)
  await becomes(async () => typeof (await ask(port('zookeeper'), '/')), 'string')
  const socket = connect(port('zookeeper'), '127.0.0.1')
  socket.write('ruok\n')
  expect(await text(socket)).toBe('imok')
})

test('a node is laid out as by the packages of Mesosphere', async () => {
  const host = { name: 'master', role: 'master', address: '10.1.2.3', root: master.root }
  await sandbox.furnish(host, { ...facts, ports: {} })
  expect(master.read('etc/mesos/zk')).toBe('zk://127.0.0.1:2181/mesos\n')
  expect(master.read('etc/mesos-master/quorum')).toBe('1\n')
  expect(master.read('etc/mesos-master/ip')).toBe('10.1.2.3\n')
  expect(master.run('test -x usr/local/bin/mesos-log && test -f usr/local/lib/libmesos.so').status).toBe(0)
  expect(master.run(`dpkg-query -W -f '\${Version}' mesos`).stdout).toMatch(/^0\.20\.1-/)
})

test('the platform of the configuration is what hosts say', async () => {
  const { mesos } = await sandbox.config(facts)
  await sandbox.furnish({ name: 'slave-1', role: 'slaves', address: '127.0.0.1', root: slave.root }, facts)
  const says = slave.run('. etc/os-release && printf "%s-%s-%s" "$ID" "$VERSION_ID" "$(uname -m)"')
  expect(says.stdout).toBe(mesos.platform)
})

test('the same tree starts on a host of its own, where there is no ROOT', async () => {
  const host = { name: 'slave-1', role: 'slaves', address: '10.0.0.9', root: '' }
  expect(sandbox.services(host, facts)).toEqual([
    { name: 'mesos-slave', argv: ['/usr/bin/mesos-init-wrapper', 'slave'] },
  ])
})

test('unknown, missing and unreadable flags are refused', async () => {
  await sandbox.furnish({ name: 'slave-1', role: 'slaves', address: '127.0.0.1', root: slave.root }, facts)
  const run = (command: string) => slave.run(`usr/local/sbin/${command}`)
  expectRefused(run('mesos-slave --frobnicate=1'), 1, /unknown flag 'frobnicate'/)
  expectRefused(run('mesos-slave'), 1, /Missing flag: --master/)
  expectRefused(run('mesos-slave --master=x:1 --attributes=host:a:b'), 1, /exactly one ':' is expected/)
  expectRefused(run('mesos-master --zk=zk://x:1/mesos --work_dir=/tmp'), 1, /Missing flag: --quorum/)
  expectRefused(run('mesos-master --quorum=1 --work_dir=/tmp'), 1, /Missing flag: --zk/)
  expectRefused(run('mesos-master --zk=zk://x:1/mesos --quorum=1'), 1, /Missing flag: --work_dir/)
  expectRefused(
    slave.run('usr/bin/mesos-init-wrapper observer'),
    1,
    /usage: mesos-init-wrapper master\|slave/,
  )
})

test('ZooKeeper starts in the foreground only', async () => {
  await sandbox.furnish({ name: 'master', role: 'master', address: '127.0.0.1', root: master.root }, facts)
  const zkServer = 'usr/share/zookeeper/bin/zkServer.sh'
  expectRefused(master.run(`${zkServer} start`), 1, /^usage: zkServer\.sh start-foreground$/m)
})
