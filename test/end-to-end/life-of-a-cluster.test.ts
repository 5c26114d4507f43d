import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { auroraRelease, mesosRelease, type Release } from '../../tasks/sandbox/releases.ts'
import { versions } from '../../tasks/sandbox/versions.ts'
import type { HostName } from '../rig/cluster/cluster.ts'
import { everything, firstRun, onMaster, slaves } from './instances.ts'
import type { OpenCluster } from './open-cluster.ts'
import { openCluster } from './open-cluster.ts'
import { program, runJson } from './program.ts'
import { expectOk, get } from './stories.ts'
import type { WorkspaceCopy } from './workspace-copy.ts'
import { copyWorkspace } from './workspace-copy.ts'

/** What befalls a cluster that stands. Each story takes up where the one before ended: all deployed. */

const onHosts = everything.filter((id) => id.includes('@'))
/** Each Aurora takes one Mesos. */
const next = { mesos: '0.22.0', aurora: '0.8.0' }

let cluster: OpenCluster
let second: WorkspaceCopy
let deployed = false
/** The release that slaves had before the upgrade. */
let before: string
beforeAll(async () => {
  cluster = await openCluster()
  second = await copyWorkspace()
})
afterAll(async () => {
  await cluster?.close()
  await second?.remove()
})
beforeEach(({ skip, task }) => skip(!deployed && task.name !== firstRun, 'nothing is deployed'))

/** Runs `start`, which must go well; gives what ran. */
async function start({ root, file }: { root: string; file: string } = cluster): Promise<string[]> {
  const story = await runJson(root, startBy(file))
  expectOk(story)
  return story.having('ran')
}

const startBy = (file: string) => ['run', 'start', '--cluster', file]

test(firstRun, async () => {
  await start()
  deployed = true
  expect(await cluster.shell('master', 'zip --version')).toContain('Info-ZIP')
})

test.each([
  ['is killed', 'pkill -KILL -f [S]chedulerMain', 137],
  ['ends with status 0', post('/abortabortabort'), 0],
  ['is asked to quit', post('/quitquitquit'), 0],
])('a scheduler that %s is back by itself, and nothing is left to do', async (_, end, status) => {
  const before = await ends()
  await cluster.shell('master', end)
  await expect.poll(ends, patiently).toEqual([...before, status])
  await schedulerLeads()
  expect(await start()).toEqual([])
})

test('a rebooted slave has its observer back, and nothing is left to do', async () => {
  await cluster.powerOff('slave-2')
  await cluster.powerOn('slave-2')
  await expect.poll(() => get(`http://${cluster.address('slave-2')}:1338/health`), patiently).toBe('OK')
  expect(await start()).toEqual([])
})

test('of a master that was set up anew, all that was lost is made again, and no slave is touched', async () => {
  await cluster.recreate('master')
  expect(await start()).toEqual([...onMaster, 'start'].map((name) => `${name}@master`).sort())
  await schedulerLeads()
})

test('a second operator, on another machine, makes only the eggs, and brings home what the master has', async () => {
  const story = await runJson(second.root, startBy(cluster.file), { USER: 'maria', LOGNAME: 'maria' })
  expectOk(story)
  const [eggs, packed] = ['build-mesos-eggs-in-docker', 'package-executor@master']
  expect(story.having('ran')).toEqual([eggs])
  expect(story.having('restored')).toEqual([packed])
  expect(story.having('up-to-date')).toEqual(everything.filter((id) => id !== eggs && id !== packed))
})

test('whoever logs in as another user than the cluster was deployed by is told so, and changes nothing', async () => {
  for (const host of ['master', ...slaves] as const) await cluster.shell(host, addLogin('maria'))
  const file = await cluster.clusterFile((content) => ({ ...content, user: 'maria' }))
  const { exitCode, stderr } = await program(second.root, ['run', 'stage-eggs', '--cluster', file])
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/(master|slave-\d) is deployed to as `jclouds`/)
  expect(stderr).toContain('user: jclouds')
  const doctor = await program(second.root, ['doctor', '--cluster', file])
  expect(doctor.exitCode).toBe(1)
  expect(doctor.stdout).toContain('master is deployed to as `jclouds`')
  expect(await start()).toEqual([])
})

test('an upgrade builds and starts all anew, and slaves keep what they had', async () => {
  before = await current('slave-1')
  await cluster.shell('master', installNextGradle)
  const mesos = await given(await mesosRelease(next.mesos))
  const aurora = await given(await auroraRelease(next.aurora, next.mesos))
  const file = await cluster.clusterFile((content) => ({
    ...content,
    mesos: { ...content.mesos, version: next.mesos, ...mesos },
    aurora: { ...content.aurora, version: next.aurora, gradle: undefined, ...aurora },
  }))
  expect(await start({ root: second.root, file })).toEqual(everything)
  expect(await version()).toBe(next.aurora)
  await schedulerLeads()
  expect(await current('slave-1')).not.toBe(before)
  expect(await cluster.shell('slave-1', `ls -d /var/lib/aurora-mesosphere/executors/${before}`)).toBeTruthy()
})

test('going back is running the configuration before', async () => {
  expect(await start()).toEqual(onHosts)
  expect(await version()).toBe(versions.aurora)
  expect(await current('slave-1')).toBe(before)
  await schedulerLeads()
  expect(await start()).toEqual([])
})

test("once executors are published, Mesos' fetcher brings them for every task, and slaves keep only the observer", async () => {
  await cluster.shell('master', serveExecutors)
  const store = `http://${cluster.address('master')}:8000`
  const file = await cluster.clusterFile((content) => ({
    ...content,
    executor: { delivery: 'fetcher', store, folder: '/srv/executors' },
  }))
  const story = await runJson(cluster.root, startBy(file))
  expectOk(story)
  const started = ['master', ...slaves].map((host) => `start@${host}`)
  expect(story.having('ran')).toEqual(['package-executor@master', ...started])
  for (const end of story.ends.filter(({ task }) => task.startsWith('distribute@')))
    expect(end).toMatchObject({
      status: 'up-to-date',
      reasons: [{ kind: 'skipped', why: expect.stringContaining("Mesos' fetcher") }],
    })
  const executors = 'ls /var/lib/aurora-mesosphere/executors/current/'
  expect((await cluster.shell('slave-1', executors)).split('\n')).toEqual([
    'SHA256SUMS',
    'thermos_observer.pex',
  ])
  expectOk(await runJson(cluster.root, ['run', 'smoke-test', 'check-cluster', '--cluster', file]))
  expect(await start({ root: cluster.root, file })).toEqual([])

  await cluster.shell('master', 'rm -r /srv/executors/*')
  expect(await start({ root: cluster.root, file })).toEqual(['package-executor@master'])
  expect(await cluster.shell('master', 'ls /srv/executors/*/thermos_executor.pex')).toBeTruthy()
})

const version = () => cluster.shell('master', 'cat /usr/local/aurora/.auroraversion')
const current = (host: HostName) =>
  cluster.shell(host, 'readlink /var/lib/aurora-mesosphere/executors/current')

async function given({ name, bytes, sha256 }: Release): Promise<{ source: string; sha256: string }> {
  const source = join(cluster.folder, name)
  await writeFile(source, bytes)
  return { source, sha256 }
}

/** Beside the one on the PATH, which the release before needs. */
const installNextGradle = `next=/usr/local/gradle-2.4/bin
  mkdir -p $next
  ln -s /usr/local/bin/programs $next/programs
  sed 's/^version=.*/version=2.4/' /usr/local/bin/gradle >$next/gradle
  chmod 0755 $next/gradle`

function post(path: string): string {
  return `curl --silent --show-error --fail --max-time 5 --request POST http://127.0.0.1:8081${path}`
}

/** A web server for a folder of the master. */
const serveExecutors = `mkdir -p /srv/executors
  setsid node -e 'require("node:http").createServer(({ url }, response) => {
    const file = require("node:fs").createReadStream("/srv/executors" + url)
    file.on("open", () => file.pipe(response)).on("error", () => response.writeHead(404).end())
  }).listen(8000)' >/dev/null 2>&1 </dev/null &`

/** With what statuses the scheduler has ended so far. */
async function ends(): Promise<number[]> {
  const log = await cluster.shell('master', 'cat /var/log/aurora/scheduler.log')
  return [...log.matchAll(/ scheduler ended with status (\d+);/g)].map(([, status]) => Number(status))
}

async function schedulerLeads(): Promise<void> {
  const vars = () => get(`http://${cluster.address('master')}:8081/vars`)
  await expect.poll(vars, patiently).toMatch(/^scheduler_lifecycle_ACTIVE 1$/m)
}

function addLogin(name: string): string {
  return `useradd --create-home --shell /bin/bash ${name}
    echo '${name} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${name}`
}

const patiently = { timeout: 30_000, interval: 100 }
