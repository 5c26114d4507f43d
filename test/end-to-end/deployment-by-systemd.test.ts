import { mkdtempSync, rmSync } from 'node:fs'
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeScheduler } from '../remote-scripts/fake-scheduler.ts'
import { ownedByUs } from '../rig/cluster/leftovers.ts'
import { docker } from '../rig/docker.ts'
import { systemdImage } from '../rig/systemd-image.ts'

/** The same services, on a host that systemd runs. Each story takes up where the one before ended. */

const host = `aurora-systemd-${process.pid}`
const folder = mkdtempSync(join(tmpdir(), 'systemd-'))
const scripts = join(dirname(dirname(import.meta.dirname)), 'remote-scripts')
const minutes = 60_000

beforeAll(async () => {
  await put('usr/local/aurora/dist/install/aurora-scheduler/bin/aurora-scheduler', fakeScheduler)
  await put(
    'usr/local/bin/mesos-log',
    '#!/bin/sh\nmkdir "$(echo "$2" | cut -d = -f 2)" || { echo "The log is not empty" >&2; exit 1; }\n',
  )
  await put('jdk/bin/java', '')
  await cp(scripts, join(folder, 'scripts'), { recursive: true })
  await docker(
    ...['run', '--detach', '--name', host, ...(await ownedByUs()), '--env', 'container=docker'],
    ...['--cap-add', 'SYS_ADMIN', '--security-opt', 'seccomp=unconfined', '--cgroupns', 'host'],
    ...['--tmpfs', '/run:exec', '--volume', '/sys/fs/cgroup:/sys/fs/cgroup'],
    ...['--volume', `${process.execPath}:/usr/local/bin/node:ro`, await systemdImage()],
  )
  await docker('cp', `${folder}/.`, `${host}:/`)
}, 5 * minutes)
afterAll(async () => {
  await docker('rm', '--force', '--volumes', host)
  rmSync(folder, { recursive: true })
})

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
  await chmod(join(folder, path), 0o755)
}

const asUser = (...command: string[]) => docker('exec', '--user', 'jclouds', ...environment, host, ...command)
const startup = () => asUser('bash', '/scripts/aurora_startup.sh', '-cluster_name=test')
const service = (action: string) => asUser('bash', '/scripts/aurora_service.sh', action, 'scheduler')
const systemctl = (command: string) =>
  docker('exec', host, 'systemctl', command, 'aurora-scheduler').catch(({ stdout }) => stdout.trim())
const health = () => docker('exec', host, 'curl', '-s', 'http://127.0.0.1:8081/health').catch(() => '')
const loop = async () => (await docker('exec', host, 'cat', '/run/aurora/scheduler.pid')).split(' ')[0]!

it('is a service of systemd, which starts it at boot, as the user who deployed', async () => {
  await expect
    .poll(() => docker('exec', host, 'systemctl', 'is-system-running').catch(() => ''), patient)
    .toBe('running')
  expect(await startup()).toMatch(/changed: scheduler started$/)
  expect(await systemctl('is-enabled')).toBe('enabled')
  expect(await systemctl('is-active')).toBe('active')
  expect(await docker('exec', host, 'ps', '-o', 'user=', '-p', await loop())).toBe('jclouds')
})

it('is left alone when nothing changed', async () => {
  expect(await startup()).toBe('nothing to change')
})

it('is started again when its loop was killed', async () => {
  const before = await loop()
  await docker('exec', host, 'kill', '-9', before)
  await expect.poll(loop, patient).not.toBe(before)
  await expect.poll(health, patient).toBe('OK')
})

it('is there again after a reboot', async () => {
  await docker('restart', '--time', '0', host)
  await expect.poll(health, patient).toBe('OK')
  expect(await startup()).toBe('nothing to change')
})

it('runs as the user who deployed it, whoever else restarts it', async () => {
  const restart = ['bash', '/scripts/aurora_startup.sh', '-cluster_name=test']
  const said = await docker('exec', '--env', 'RESTART=yes', ...environment, host, ...restart)
  expect(said).toMatch(/changed: scheduler stopped\nchanged: scheduler started$/)
  expect(await docker('exec', host, 'ps', '-o', 'user=', '-p', await loop())).toBe('jclouds')
})

it('is stopped for good, loop and all, and started again', async () => {
  expect(await service('stop')).toBe('changed: scheduler stopped')
  expect(await systemctl('is-active')).toBe('inactive')
  expect(await health()).toBe('')
  expect(await service('start')).toBe('changed: scheduler started')
  await expect.poll(health, patient).toBe('OK')
})

const patient = { timeout: 30_000, interval: 100 }

const environment = Object.entries({
  AURORA_HOME: '/usr/local/aurora',
  AURORA_STATE: '/var/lib/aurora/scheduler',
  MESOS_PREFIX: '/usr/local',
  JAVA_HOME: '/jdk',
  JDK_RELEASE: '7',
  LIBPROCESS_IP: '127.0.0.1',
  LIBPROCESS_PORT: '8083',
  HTTP_PORT: '8081',
  RESTART_PAUSE: '1',
  START_TIMEOUT: '20',
  STEADY: '0',
}).flatMap(([name, value]) => ['--env', `${name}=${value}`])
