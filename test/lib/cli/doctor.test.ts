import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sshd } from '../../rig/sshd.ts'
import { freePort, startSshd } from '../../rig/sshd.ts'
import { Workspace } from '../../rig/workspace.ts'

let sshd: Sshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd?.stop())

const tasks = (more = '') => `
  import { main, task } from 'ENGINE'
  const spread = task({ module: import.meta.url, name: 'spread', description: 'Spread', on: 'hosts', async run() {} })
  await main({ tasks: [spread], roles: { hosts: 'many' }, ${more} })
`

interface HostEntry {
  name: string
  address?: string
  port?: number
  user?: string
}

/** A workspace whose cluster is of hosts on this machine, by default that of the server. */
function clusterOf(hosts: HostEntry[], more?: string) {
  const { folder, port } = sshd
  const entries = hosts.map((host) => ({ address: '127.0.0.1', port, user: 'root', ...host }))
  const ssh = { identity: join(folder, 'client_key'), knownHosts: join(folder, 'known_hosts') }
  return new Workspace({
    'tasks/index.ts': tasks(more),
    'cluster.yml': JSON.stringify({ name: 'lab', hosts: { hosts: entries }, ssh }),
  })
}

interface Row {
  host: string | null
  check: string
  state: string
  detail: string
  advice?: string
}

async function examined(it: Workspace) {
  const { exitCode, stdout, stderr } = await it.run('doctor', '--format', 'json')
  const rows: Row[] = JSON.parse(stdout)
  const row = (host: string | null, check: string) =>
    rows.find((one) => one.host === host && one.check === check)
  return { exitCode, stderr, rows, row }
}

const isRoot = process.getuid?.() === 0

test.runIf(isRoot)('a healthy host is examined in one round trip, and nothing is left anywhere', async () => {
  const it = clusterOf([{ name: 'one' }])
  const files = () => execFileSync('find', [sshd.host.root, it.root], { encoding: 'utf8' })
  const [before, commands] = [files(), sshd.commands().length]
  const { exitCode, stdout } = await it.run('doctor')
  expect(
    sshd
      .commands()
      .slice(commands)
      .filter((line) => line.includes('command')),
  ).toHaveLength(1)
  expect(files()).toBe(before)
  expect(existsSync(join(it.root, '.cache'))).toBe(false)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^cluster +lab, 1 host$/m)
  expect(stdout).toMatch(/^ +reach +host key +login +sudo +platform +space +clock +tools +leftovers +jobs$/m)
  expect(stdout).toMatch(/^one +\S+ m?s +known +root +root +\S+ .* right +all +/m)
})

test.runIf(isRoot)(
  'what is wrong with a host is told with what to do, and hides none of the others',
  async () => {
    const [stranger, shut] = await Promise.all([startSshd(), startSshd()])
    appendFileSync(join(sshd.folder, 'known_hosts'), readFileSync(join(shut.folder, 'known_hosts')))
    const dead = await freePort()
    const { exitCode, row, rows } = await examined(
      clusterOf([
        { name: 'good' },
        { name: 'dead', port: dead },
        { name: 'stranger', port: stranger.port },
        { name: 'shut', port: shut.port },
      ]),
    )
    await Promise.all([stranger.stop(), shut.stop()])
    expect(exitCode).toBe(1)
    expect(row('good', 'login')).toMatchObject({ state: 'ok' })
    expect(row('dead', 'reach')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('cannot be reached'),
      advice: expect.stringContaining('Check that it is up'),
    })
    expect(row('stranger', 'host key')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('SHA256:'),
      advice: expect.stringContaining('ssh-keyscan'),
    })
    expect(row('shut', 'login')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('does not admit user `root`'),
    })
    for (const host of ['dead', 'stranger', 'shut'])
      expect(rows.filter((one) => one.host === host)).toHaveLength(1)
  },
)

test('programs that tasks need are looked for, here and on the hosts of a role', async () => {
  const doctor = `doctor: () => ({ programs: { docker: ['false'], good: ['true'] }, tools: { hosts: ['sh', 'no-such|nor-such'] } })`
  const { exitCode, row } = await examined(clusterOf([{ name: 'one' }], doctor))
  expect(exitCode).toBe(1)
  expect(row(null, 'docker')).toMatchObject({
    state: 'bad',
    detail: expect.stringContaining('`false` fails'),
  })
  expect(row(null, 'good')).toMatchObject({ state: 'ok' })
  expect(row('one', 'tools')).toMatchObject({
    state: 'bad',
    detail: '`no-such` or `nor-such` is not on the PATH of the login user',
  })
})

test('a cluster file that cannot be used is a finding among others', async () => {
  const it = new Workspace({ 'tasks/index.ts': tasks(), 'cluster.yml': 'hosts: { hots: [192.0.2.1] }\n' })
  const { exitCode, row } = await examined(it)
  expect(exitCode).toBe(1)
  expect(row(null, 'node')).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining(process.versions.node),
  })
  expect(row(null, 'cluster')).toMatchObject({
    state: 'bad',
    detail: expect.stringContaining('Did you mean `hosts`?'),
  })
})

test('hosts of a sandbox that is yet to be made are no fault, and are not made', async () => {
  const sandbox = `sandbox: { hosts: { hosts: 1 }, ports: [], standIns: import.meta.dirname, config: () => ({}),
    furnish: async () => {}, services: () => [] }`
  const it = new Workspace({ 'tasks/index.ts': tasks(sandbox) })
  const { exitCode, row } = await examined(it)
  expect(exitCode).toBe(0)
  expect(row('host-1', 'reach')).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining('the first run makes it'),
  })
  expect(existsSync(join(it.root, '.cache'))).toBe(false)
})
