import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createListener } from 'node:net'
import { basename } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serviceFiles } from '../../tasks/services/service-scripts.ts'
import { HostFolder } from '../rig/host-folder.ts'
import { fakeScheduler as scheduler } from './fake-scheduler.ts'

const home = '/usr/local/aurora'
const program = `${home}/dist/install/aurora-scheduler/bin/aurora-scheduler`
const log = '/var/log/aurora/scheduler.log'

/** mesos-log's ways to end, by what lies in the folder of the log and on the host. */
const mesosLog = `#!/usr/bin/env bash
[[ "$1 $2" == "initialize --path=$ROOT/var/lib/aurora/scheduler/db" ]] || exit 3
[[ ! -e "$ROOT/held" ]] || { echo 'Check failed: IO error: lock' >&2; exit 134; }
[[ ! -e "$ROOT/broken" ]] || { echo 'Failed to recover' >&2; exit 1; }
[[ ! -e "$ROOT/var/lib/aurora/scheduler/db" ]] || { echo 'The log is not empty' >&2; exit 1; }
mkdir "$ROOT/var/lib/aurora/scheduler/db"
`

let host: HostFolder
let port: number
beforeEach(async () => {
  host = new HostFolder()
  port = await freePort()
  host.write(program, scheduler, 0o755)
  host.write('/usr/local/bin/mesos-log', mesosLog, 0o755)
  host.write('/jdk/bin/java', '', 0o755)
})
afterEach(() => {
  endScheduler()
  host.remove()
})

const startup = (flags: string[] = ['-cluster_name=test'], env: Record<string, string> = {}) =>
  host.run('aurora_startup.sh', {
    env: {
      AURORA_HOME: home,
      AURORA_STATE: '/var/lib/aurora/scheduler',
      MESOS_PREFIX: '/usr/local',
      JAVA_HOME: '/jdk',
      JDK_RELEASE: '7',
      LIBPROCESS_IP: '127.0.0.1',
      LIBPROCESS_PORT: '8083',
      HTTP_PORT: String(port),
      RESTART_PAUSE: '1',
      START_TIMEOUT: '20',
      STEADY: '0',
      ...env,
    },
    args: flags,
  })

const ask = async (path: string, method = 'GET') =>
  (await fetch(`http://127.0.0.1:${port}${path}`, { method })).text()
const starts = () => host.read('/started').trim().split('\n')
const loop = () => Number(host.read('/var/run/aurora/scheduler.pid').split(' ')[0])

it('initialises the log, starts the scheduler and waits until it is registered', async () => {
  const ran = await startup()
  expect(ran.exitCode, ran.output).toBe(0)
  expect(ran.changes.slice(-3)).toEqual([
    'replicated log initialised',
    '/etc/init.d/aurora-scheduler written',
    'scheduler started',
  ])
  const { flags, ip } = JSON.parse(await ask('/flags'))
  expect(ip).toBe('127.0.0.1')
  expect(flags).toEqual([
    `-http_port=${port}`,
    `-native_log_file_path=${host.root}/var/lib/aurora/scheduler/db`,
    `-backup_dir=${host.root}/var/lib/aurora/scheduler/backups`,
    '-cluster_name=test',
  ])
})

it('leaves of the service what `start` declares, and nothing else', async () => {
  await startup()
  expect(readdirSync(host.path('/var/lib/aurora-mesosphere/services')).sort()).toEqual(
    serviceFiles('scheduler', 'aurora_scheduler_startup.sh')
      .map((path) => basename(path))
      .sort(),
  )
})

it('gives flags with spaces and quotes as they are', async () => {
  const flag = `-thermos_executor_flags=--announcer-enable --name "it's" $HOME`
  await startup([flag])
  expect(JSON.parse(await ask('/flags')).flags).toContain(flag)
})

it('leaves a running scheduler alone when nothing changed', async () => {
  await startup()
  expect((await startup()).changes).toEqual(['nothing to change'])
  expect(starts()).toHaveLength(1)
})

it('restarts the scheduler when its flags changed', async () => {
  await startup()
  const ran = await startup(['-cluster_name=another'])
  expect(ran.changes).toEqual([
    'scheduler stopped',
    '/var/lib/aurora-mesosphere/services/scheduler.conf written',
    'scheduler started',
  ])
  expect(JSON.parse(await ask('/flags')).flags).toContain('-cluster_name=another')
})

it('restarts the scheduler when it was built anew', async () => {
  await startup()
  host.write(program, `${scheduler}# built again\n`, 0o755)
  expect((await startup()).changes).toContain('scheduler started')
  expect(starts()).toHaveLength(2)
})

it('starts the scheduler again though it ended with status 0', async () => {
  await startup()
  await ask('/quitquitquit', 'POST')
  expect((await startup()).changes).toEqual(['nothing to change'])
  expect(starts()).toHaveLength(2)
  expect(host.read(log)).toContain('scheduler ended with status 0; it starts again in 1 s')
})

it('waits twice as long each time that the scheduler ends at once', async () => {
  host.write(program, '#!/usr/bin/env bash\nexit 1\n', 0o755)
  await startup()
  const pauses = [...host.read(log).matchAll(/it starts again in (\d+) s/g)].map(([, pause]) => pause)
  expect(pauses).toEqual(['1', '2', '4'])
})

it('does not believe a scheduler that is healthy and does not stay so', async () => {
  host.write(
    program,
    scheduler.replace('.listen(', '.on("request", () => setTimeout(process.exit, 800)).listen('),
    0o755,
  )
  const ran = await startup([], { STEADY: '2' })
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toMatch(/It ended 3 times while it was waited for\.$/m)
})

it('restarts the scheduler when it is told to, though nothing changed', async () => {
  await startup()
  const ran = await startup(undefined, { RESTART: 'yes' })
  expect(ran.changes).toEqual(['scheduler stopped', 'scheduler started'])
  expect(starts()).toHaveLength(2)
})

it('keeps the log from growing without end', async () => {
  host.write(log, 'old')
  truncateSync(host.path(log), 51 * 1024 * 1024)
  host.write(`${log}.5`, 'oldest')
  host.write(`${log}.4`, 'older')
  await startup()
  expect(statSync(host.path(`${log}.1`)).size).toBe(51 * 1024 * 1024)
  expect(statSync(host.path(log)).size).toBeLessThan(1024)
  expect(host.read(`${log}.5`)).toBe('older')
})

it('runs the scheduler by the Java that built it, whichever JAVA_HOME names an older one', async () => {
  const java = (version: string) => `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`
  host.write('/jdk/bin/java', java('1.7.0_80'), 0o755)
  host.write('/usr/lib/jvm/java-11/bin/java', java('11.0.2'), 0o755)
  host.write('/usr/lib/jvm/java-8/bin/java', java('1.8.0_171'), 0o755)
  await startup(undefined, { JDK_RELEASE: '8' })
  const configuration = host.read('/var/lib/aurora-mesosphere/services/scheduler.conf')
  expect(configuration).toContain(`JAVA_HOME=${host.root}/usr/lib/jvm/java-8\n`)
})

it('runs the scheduler by a newer Java where there is none that built it, and by no older one', async () => {
  host.write('/jdk/bin/java', `#!/bin/sh\necho 'java version "1.7.0_80"' >&2\n`, 0o755)
  host.write('/usr/lib/jvm/java-11/bin/java', `#!/bin/sh\necho 'openjdk version "11.0.2"' >&2\n`, 0o755)
  await startup(undefined, { JDK_RELEASE: '9' })
  const configuration = host.read('/var/lib/aurora-mesosphere/services/scheduler.conf')
  expect(configuration).toContain(`JAVA_HOME=${host.root}/usr/lib/jvm/java-11\n`)
})

it('refuses to start a scheduler that was not built', async () => {
  host.unlink(program)
  expect((await startup()).output).toContain('Build it first: run install-aurora.')
})

describe('the init script', () => {
  const init = (action: string) => host.system('/etc/init.d/aurora-scheduler', action)

  it('is called when the host boots', async () => {
    await startup()
    expect(host.read('/var/lib/sandbox/services')).toBe('aurora-scheduler defaults\n')
    expect(host.mode('/etc/init.d/aurora-scheduler')).toBe(0o755)
  })

  it('starts the scheduler after a reboot, which leaves nothing in /var/run', async () => {
    await startup()
    await init('stop')
    rmSync(host.path('/var/run'), { recursive: true })
    expect((await init('start')).changes).toEqual(['scheduler started'])
    await expect.poll(() => ask('/health').catch(() => ''), { timeout: 20_000 }).toBe('OK')
    expect((await startup()).changes).toEqual(['nothing to change'])
  })

  it('stops the scheduler and its loop, and says whether they run', async () => {
    await startup()
    expect((await init('status')).exitCode).toBe(0)
    expect((await init('stop')).changes).toEqual(['scheduler stopped'])
    expect((await init('stop')).changes).toEqual(['nothing to change'])
    expect((await init('status')).exitCode).toBe(1)
    expect(living([loop(), ...starts().map(Number)])).toEqual([])
  })
})

it('ends the scheduler that a killed loop left behind before it starts another', async () => {
  await startup()
  process.kill(loop(), 'SIGKILL')
  await gone(loop())
  const ran = await startup()
  expect(ran.changes).toEqual(['scheduler stopped', 'scheduler started'])
  expect(living(starts().map(Number))).toEqual([Number(starts()[1])])
})

it('starts one scheduler when two start it at once', async () => {
  const both = await Promise.all([startup(), startup()])
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0])
  expect(starts()).toHaveLength(1)
})

it('is not misled by a process that has the number of an old loop', async () => {
  host.write('/var/run/aurora/scheduler.pid', `${process.pid} 1\n`)
  expect((await startup()).changes).toContain('scheduler started')
  expect(loop()).not.toBe(process.pid)
})

it('fails with the last lines of the log when the scheduler does not stay up', async () => {
  host.write(program, '#!/usr/bin/env bash\necho "unknown flag: $1"\nexit 1\n', 0o755)
  const ran = await startup()
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toContain('unknown flag: -http_port')
  expect(ran.output).toContain('The scheduler is not healthy: http://127.0.0.1:')
  expect(ran.output).toMatch(/It ended 3 times while it was waited for\.$/m)
})

it('fails when the scheduler is up but never registered', async () => {
  host.write(program, scheduler.replace('framework_registered 1', 'framework_registered 0'), 0o755)
  const ran = await startup([], { START_TIMEOUT: '2' })
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toContain('framework_registered is not 1')
})

it('does not start the scheduler on a log that could not be initialised', async () => {
  host.write('/broken', '')
  const ran = await startup()
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toContain('Failed to recover')
  expect(host.has('/started')).toBe(false)
})

it('says so where another scheduler holds the log, and starts none', async () => {
  host.write('/held', '')
  const ran = await startup()
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toContain('Check failed: IO error: lock')
  expect(ran.output).toContain(
    'Another process holds the replicated log in /var/lib/aurora/scheduler/db: a scheduler',
  )
  expect(host.has('/started')).toBe(false)
})

it('does not take another program that answers at the port for the scheduler for ever', async () => {
  const other = createServer((_, response) => response.end('OK')).listen(port, '127.0.0.1')
  const ran = await startup([], { START_TIMEOUT: '2' })
  await new Promise((closed) => other.close(closed))
  expect(ran.exitCode).toBe(1)
})

function endScheduler(): void {
  if (!host.has('/var/run/aurora/scheduler.pid')) return
  const group = loop()
  if (group === process.pid) return
  try {
    process.kill(-group, 'SIGKILL')
  } catch {}
}

/** Less those that are dead, though nobody has buried them yet. */
function living(pids: number[]): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,state=', '-p', pids.join(',')], { encoding: 'utf8' })
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/))
  return rows.filter(([pid, state]) => pid && !state?.startsWith('Z')).map(([pid]) => Number(pid))
}

async function gone(pid: number): Promise<void> {
  while (living([pid]).length > 0) await new Promise((next) => setImmediate(next))
}

async function freePort(): Promise<number> {
  const listener = createListener().listen(0, '127.0.0.1')
  await new Promise((listening) => listener.once('listening', listening))
  const { port } = listener.address() as AddressInfo
  await new Promise((closed) => listener.close(closed))
  return port
}
