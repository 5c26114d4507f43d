import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { sandboxStatus } from '../../../lib/sandbox/status.ts'
import { until } from '../../rig/until.ts'
import { temporaryFolder } from './rig.ts'
import {
  diary,
  hostRoot,
  lineOf,
  linksOf,
  opened,
  sampleOptions,
  snapshot,
  start,
  workspace,
} from './workspace.ts'

test('a new sandbox has the hosts that were asked for, furnished, served and reachable', async () => {
  const root = workspace()
  const { cluster, existed } = await opened(root)
  expect(existed).toBe(false)
  expect(diary(root)).toEqual(['furnish master', 'furnish slave-1', 'furnish slave-2'])
  expect(Object.keys(cluster.hosts)).toEqual(['master', 'slaves'])
  expect(cluster.hosts.slaves).toMatchObject([
    {
      name: 'slave-1',
      role: 'slaves',
      address: '127.0.0.1',
      port: expect.any(Number),
      root: hostRoot(root, 'slave-1'),
    },
    { name: 'slave-2' },
  ])
  expect(cluster.ssh.standalone).toBe(true)
  expect(readFileSync(join(hostRoot(root, 'master'), 'etc/os-release'), 'utf8')).toContain('ID=sandbox\n')
  expect(readFileSync(join(hostRoot(root, 'master'), 'etc/port'), 'utf8')).toBe(`${cluster.config.web}\n`)
})

test('its hosts answer over SSH, each with a root folder of its own', async () => {
  const root = workspace()
  const { fleet } = await opened(root)
  for (const host of Object.values(fleet.hosts).flat()) {
    const session = await fleet.session(host)
    expect(await session.exec(['pwd'])).toMatchObject({
      exitCode: 0,
      stdout: `${hostRoot(root, host.name)}\n`,
    })
  }
})

test('nothing of the operator’s environment reaches a command', async () => {
  const root = workspace()
  vi.stubEnv('SECRET_OF_THE_OPERATOR', 'visible')
  const { fleet } = await opened(root)
  const session = await fleet.session(fleet.hosts.master![0]!)
  const { stdout } = await session.exec(['env'])
  vi.unstubAllEnvs()
  expect(stdout).not.toContain('SECRET_OF_THE_OPERATOR')
  expect(stdout).toContain(`\nROOT=${hostRoot(root, 'master')}\n`.trim())
  expect(stdout).toContain(`HOME=${hostRoot(root, 'master')}/`)
  expect(stdout).toContain(`TMPDIR=${hostRoot(root, 'master')}/tmp`)
  expect(stdout).toMatch(new RegExp(`^PATH=${join(root, 'stand-ins')}:`, 'm'))
})

test('opened again it is the same: ports, keys, hosts, and the services go on', async () => {
  const root = workspace()
  const first = await opened(root)
  await until(() => existsSync(startsOf(root)))
  await first.close()
  const keys = snapshot(join(root, '.cache/sandbox/keys'))
  const second = await opened(root)
  expect(second.existed).toBe(true)
  expect(second.cluster.config).toEqual(first.cluster.config)
  expect(diary(root)).toHaveLength(3)
  expect(snapshot(join(root, '.cache/sandbox/keys'))).toEqual(keys)
  expect(readFileSync(startsOf(root), 'utf8')).toBe('started with one two\n')
})

test('keys are for their owner only', async () => {
  const root = workspace()
  const { cluster } = await opened(root)
  for (const path of [cluster.ssh.identity!, join(root, '.cache/sandbox/keys/host-master')])
    expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a look at a sandbox that does not exist makes nothing', async () => {
  const root = workspace()
  const { existed, cluster, fleet } = await opened(root, { looking: true })
  expect(existed).toBe(false)
  expect(cluster.config).toEqual({})
  const session = await fleet.session(fleet.hosts.master![0]!)
  expect(
    await session.check({ task: 'start', facts: { zk: { file: '/etc/mesos/zk' } }, verify: 'fast' }),
  ).toEqual({
    platform: 'unknown',
    facts: { zk: null },
    missing: [],
    changed: [],
    running: false,
  })
  await expect(session.exec(['true'])).rejects.toMatchObject({
    failure: { kind: 'refused', problem: 'master of the sandbox does not exist yet' },
  })
  expect(Object.keys(snapshot(root))).toEqual(['.'])
})

test('a look at one that exists writes nothing and starts nothing', async () => {
  const root = workspace()
  const first = await opened(root)
  await first.close()
  process.kill(pidOf(root), 'SIGKILL')
  await until(async () => (await runningOn(root, 'master')).length === 0)
  const before = snapshot(root)
  const { fleet, existed } = await opened(root, { looking: true })
  const session = await fleet.session(fleet.hosts.master![0]!)
  expect(existed).toBe(true)
  expect((await session.exec(['cat', `${hostRoot(root, 'master')}/etc/os-release`])).stdout).toContain(
    'sandbox',
  )
  expect(snapshot(root)).toEqual(before)
})

test('a look sees hosts that the workspace has got since as not existing yet', async () => {
  const root = workspace()
  await (await opened(root)).close()
  const options = sampleOptions(root, { hosts: { master: 1, slaves: 3 } })
  const { fleet } = await opened(root, { looking: true, options })
  const [one, , three] = fleet.hosts.slaves!
  await expect((await fleet.session(one!)).exec(['true'])).resolves.toMatchObject({ exitCode: 0 })
  await expect((await fleet.session(three!)).exec(['true'])).rejects.toMatchObject({
    failure: { kind: 'refused' },
  })
})

test('a workspace that wants more gets more, and keeps what it has', async () => {
  const root = workspace()
  const { cluster } = await opened(root)
  const options = sampleOptions(root, { hosts: { master: 1, slaves: 3 }, ports: ['web', 'admin', 'more'] })
  const more = await opened(root, { options })
  expect(more.cluster.config).toEqual(cluster.config)
  expect(diary(root).slice(3)).toEqual(['furnish slave-3'])
})

test('what a kill left half-done is done anew', async () => {
  const root = workspace()
  const program = start('furnish-for-ever', [root])
  await lineOf(program, /half-way/)
  program.kill('SIGKILL')
  await once(program, 'exit')
  expect(existsSync(join(hostRoot(root, 'slave-1'), 'half-done'))).toBe(true)

  const { existed } = await opened(root)
  expect(existed).toBe(false)
  expect(diary(root)).toEqual(['furnish master', 'furnish slave-1', 'furnish slave-2'])
  expect(existsSync(join(hostRoot(root, 'slave-1'), 'half-done'))).toBe(false)
})

test('a damaged sandbox.json costs a new sandbox, not an error', async () => {
  const root = workspace()
  await (await opened(root)).close()
  writeFileSync(join(root, '.cache/sandbox/sandbox.json'), '{"schema": 1, "por')
  expect((await opened(root)).existed).toBe(false)
})

test('a furnishing that fails is told, and tried again the next time', async () => {
  const root = workspace()
  const failing = sampleOptions(root, { furnish: () => Promise.reject(new Error('the disk is on fire')) })
  await expect(opened(root, { options: failing })).rejects.toThrow('the disk is on fire')
  expect((await opened(root)).existed).toBe(false)
  expect(diary(root)).toHaveLength(3)
})

test('two starts at the same moment make one sandbox and one service', async () => {
  const root = workspace()
  const programs = [start('open-and-leave', [root]), start('open-and-leave', [root])]
  await Promise.all(programs.map((program) => lineOf(program, /ports/)))
  await until(() => existsSync(startsOf(root)))
  await until(async () =>
    (await runningOn(root, 'master')).every(({ command }) => command === 'tail -f /dev/null'),
  )
  expect(await runningOn(root, 'master')).toHaveLength(1)
  expect(readFileSync(startsOf(root), 'utf8')).toBe('\n')
})

test('a service that died is started again', async () => {
  const root = workspace()
  await (await opened(root)).close()
  await until(() => existsSync(startsOf(root)))
  process.kill(pidOf(root), 'SIGKILL')
  await until(async () => (await runningOn(root, 'master')).length === 0)
  await opened(root)
  await until(() => readFileSync(startsOf(root), 'utf8') === 'started with one two\n'.repeat(2))
})

test('a host whose folder was removed is made anew, and what still ran there is ended first', async () => {
  const root = workspace()
  await (await opened(root)).close()
  await until(() => existsSync(startsOf(root)))
  const old = pidOf(root)
  rmSync(hostRoot(root, 'master'), { recursive: true })
  await opened(root)
  expect(diary(root).slice(0, 2)).toEqual(['furnish master', 'furnish master'])
  const running = (await runningOn(root, 'master')).map(({ pid }) => pid)
  expect(running).toEqual([pidOf(root)])
  expect(running).not.toContain(old)
})

test('a service that cannot be started is named with its command', async () => {
  const root = workspace()
  const options = sampleOptions(root, {
    services: () => [{ name: 'broken', argv: ['true'], env: { TOO_BIG: 'x'.repeat(3_000_000) } }],
  })
  await expect(opened(root, { options })).rejects.toMatchObject({
    failure: {
      kind: 'refused',
      problem: expect.stringContaining('broken does not start on master of the sandbox'),
    },
  })
})

test('a service writes to its log', async () => {
  const root = workspace()
  await opened(root)
  const log = join(hostRoot(root, 'master'), 'var/log/sample.log')
  await until(() => readFileSync(log, 'utf8') === 'hello\n')
})

test('a service holds no descriptor of who started it', async () => {
  const root = workspace()
  const program = start('open-and-leave', [root])
  // Resolves only when nobody holds the program's output any more.
  await once(program, 'close')
  expect(await runningOn(root, 'master')).toHaveLength(1)
})

test.skipIf(process.platform !== 'linux')('neither one that its starter inherited itself', async () => {
  const root = workspace()
  const program = start('open-and-leave', [root], { beforehand: `exec 200>${root}/lock-of-a-script` })
  await once(program, 'close')
  const log = join(hostRoot(root, 'master'), 'var/log/sample.log')
  const held = () => linksOf(pidOf(root)).filter((link) => !link.startsWith('anon_inode:'))
  // What starts it closes them, and then becomes it.
  await expect.poll(() => [...new Set(held())].sort(), { timeout: 20_000 }).toEqual(['/dev/null', log])
})

test('an open sandbox does not keep its process alive', async () => {
  const program = start('open-and-leave', [workspace()])
  expect(await once(program, 'exit')).toEqual([0, null])
})

test('a killed process leaves no listener', async () => {
  const program = start('open-and-leave', [workspace(), 'stay'])
  const { ports } = JSON.parse(await lineOf(program, /ports/)) as { ports: number[] }
  expect(ports).toHaveLength(5)
  program.kill('SIGKILL')
  await once(program, 'exit')
  for (const port of ports) {
    const [error] = await once(connect(port, '127.0.0.1'), 'error').catch((error) => [error])
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  }
})

test('nothing is written outside of .cache/sandbox', async () => {
  const root = workspace()
  const [home, temporary] = [temporaryFolder(), temporaryFolder()]
  vi.stubEnv('HOME', home)
  vi.stubEnv('TMPDIR', temporary)
  const options = sampleOptions(root, { furnish: async () => {} })
  const { fleet } = await opened(root, { options })
  const session = await fleet.session(fleet.hosts.master![0]!)
  const script = 'mktemp && mktemp -d && cd && echo x >in-home && touch "$ROOT/var/lib/x"'
  expect(await session.exec(['sh', '-c', script])).toMatchObject({ exitCode: 0 })
  vi.unstubAllEnvs()
  expect(Object.keys(snapshot(home))).toEqual(['.'])
  expect(Object.keys(snapshot(temporary))).toEqual(['.'])
  expect(Object.keys(snapshot(root)).filter((path) => !path.startsWith('.cache/sandbox/'))).toEqual([
    '.',
    '.cache',
    '.cache/sandbox',
  ])
})

test('the ssh program reaches a host with the sandbox’s own files', async () => {
  const root = workspace()
  const { cluster } = await opened(root)
  const program = start('open-and-leave', [root, 'stay'])
  const { ports } = JSON.parse(await lineOf(program, /ports/)) as { ports: number[] }
  const options = [
    '-F',
    '/dev/null',
    '-o',
    `UserKnownHostsFile=${cluster.ssh.knownHosts}`,
    '-o',
    'BatchMode=yes',
  ]
  const given = [
    ...options,
    '-o',
    'StrictHostKeyChecking=yes',
    '-i',
    cluster.ssh.identity!,
    '-p',
    `${ports[0]}`,
  ]
  expect(execFileSync('ssh', [...given, '127.0.0.1', 'pwd'], { encoding: 'utf8' })).toBe(
    `${hostRoot(root, 'master')}\n`,
  )
})

function startsOf(root: string): string {
  return join(hostRoot(root, 'master'), 'starts')
}

function pidOf(root: string): number {
  return Number(readFileSync(join(hostRoot(root, 'master'), 'run/sample.pid'), 'utf8'))
}

async function runningOn(root: string, name: string) {
  const { hosts } = await sandboxStatus({ root })
  return hosts.find((host) => host.name === name)?.processes ?? []
}
