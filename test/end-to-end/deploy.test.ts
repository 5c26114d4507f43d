import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HostName } from '../rig/cluster/cluster.ts'
import { openCluster } from './open-cluster.ts'
import { program, runJson } from './program.ts'
import { expectOk, get, linksOf, tellStories } from './stories.ts'

describe('on five hosts with OpenSSH', () => {
  const place = tellStories(openCluster)
  const run = (...args: string[]) => runJson(place().root, ['run', ...args, ...place().options])

  test('what runs is found at the address of its host, on the usual port', async () => {
    const [master, ...slaves] = ['master', 'slave-1', 'slave-2', 'slave-3', 'slave-4'] as const
    expect((await linksOf(place())).map(String)).toEqual([
      `http://${place().address(master)}:8081/scheduler`,
      ...slaves.map((slave) => `http://${place().address(slave)}:1338/`),
    ])
  })

  const answers = (host: HostName, port: number) =>
    expect
      .poll(
        () =>
          fetch(`http://${place().address(host)}:${port}/health`).then(
            (a) => a.ok,
            () => false,
          ),
        {
          timeout: 30_000,
        },
      )
      .toBe(true)

  test('a host that is down is named, and the others go on with --keep-going', async () => {
    await place().shell('slave-1', 'rm -rf /var/lib/aurora-mesosphere/executors/releases/*')
    await place().powerOff('slave-4')
    const story = await run('start', '--keep-going')
    expect(story.exitCode).toBe(1)
    expect(story.having('ran')).toEqual(['distribute@slave-1'])
    expect(story.having('failed')).toEqual(['distribute@slave-4'])
    expect(story.having('blocked')).toContain('start@slave-4')
    expect(story.having('up-to-date')).toEqual(
      expect.arrayContaining(['start@slave-1', 'start@slave-2', 'start@slave-3']),
    )
    const address = place().address('slave-4')
    const failure = { kind: 'unreachable', host: 'slave-4', address }
    expect(story.ends.find(({ status }) => status === 'failed')).toMatchObject({ failure })
    expect(story.stderr).toContain(address)
  })

  test('once it is back, its observer is started by the system, and nothing is left to do', async () => {
    await place().powerOn('slave-4')
    await answers('slave-4', 1338)
    const story = await run('start')
    expectOk(story)
    expect(story.having('ran')).toEqual([])
  })

  test('a rebooted master starts its scheduler, which leads again', async () => {
    await place().powerOff('master')
    await place().powerOn('master')
    await answers('master', 8081)
    const vars = async () => get(`http://${place().address('master')}:8081/vars`)
    await expect.poll(vars, { timeout: 30_000 }).toMatch(/^scheduler_lifecycle_ACTIVE 1$/m)
    const story = await run('start')
    expectOk(story)
    expect(story.having('ran')).toEqual([])
  })

  test('`status --deep` finds that all stands, and that the whole checklist is as it should be', async () => {
    const { root, options } = place()
    const { exitCode, stdout } = await program(root, ['status', '--deep', ...options])
    expect(exitCode, stdout).toBe(0)
    for (const host of ['master', 'slave-1', 'slave-2', 'slave-3', 'slave-4'])
      expect(stdout).toContain(`✓ check-cluster@${host} ran`)
    expect(stdout).not.toContain('WRONG')
  })

  test('`stop` stops the scheduler and the observers, and `start` starts them again', async () => {
    const urls = await linksOf(place())
    expectOk(await run('stop'))
    for (const { origin } of urls) await expect(fetch(origin)).rejects.toThrow()
    const checked = await run('check-cluster', '--keep-going')
    expect(checked.having('failed')).toHaveLength(5)
    expect(checked.stdout).toMatch(/WRONG {2}the scheduler is kept running/)
    expect(checked.stdout).toMatch(/WRONG {2}the observer answers/)
    const story = await run('start')
    expectOk(story)
    expect(story.having('ran')).toEqual(
      ['master', 'slave-1', 'slave-2', 'slave-3', 'slave-4'].map((host) => `start@${host}`),
    )
  })

  test('`restart` starts another scheduler', async () => {
    const loop = () => place().shell('master', 'cat "$ROOT/var/run/aurora/scheduler.pid"')
    const before = await loop()
    expectOk(await run('restart'))
    expect(await loop()).not.toBe(before)
    expect((await run('start')).having('ran')).toEqual([])
  })

  test('an unknown host key is refused, with its fingerprint and the command that accepts it', async () => {
    const knownHosts = join(place().folder, 'empty_known_hosts')
    await writeFile(knownHosts, '')
    const file = await place().clusterFile((cluster) => ({ ...cluster, ssh: { ...cluster.ssh, knownHosts } }))
    const { exitCode, stdout, stderr } = await program(place().root, ['run', 'stage-eggs', '--cluster', file])
    expect(exitCode).toBe(1)
    const onItsConsole = await place().exec('master', ['ssh-keygen', '-lf', hostKey])
    expect(stdout + stderr).toContain(onItsConsole.split(' ')[1])
    expect(stderr).toMatch(/ssh-keyscan .*>> ?\S*empty_known_hosts/)
    expect(await readFile(knownHosts, 'utf8')).toBe('')
  })

  test('a download that is not what was promised is refused, and nothing of it is kept', async () => {
    const server = createServer((_, response) => response.end('not what was promised')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/aurora.tar.gz`
    const sha256 = 'ab'.repeat(32)
    const kept = () => readdir(join(place().root, '.cache/downloads'), { recursive: true })
    const before = (await kept()).sort()
    const file = await place().clusterFile((cluster) => ({
      ...cluster,
      aurora: { ...cluster.aurora, source, sha256 },
    }))
    const story = await runJson(place().root, ['run', 'stage-eggs', '--cluster', file])
    server.close()
    expect(story.exitCode).toBe(1)
    const failed = story.ends.find(({ task }) => task === 'stage-eggs@master')
    expect(failed?.failure).toMatchObject({ kind: 'verification', expected: sha256 })
    expect((await kept()).sort()).toEqual(before)
  })

  test.each([
    ['of another version', 'mesos.native-0.19.0-py2.7-linux-x86_64.egg', '0.19.0'],
    ['for another machine', 'mesos.native-0.20.1-py2.7-linux-armv7l.egg', 'armv7l'],
  ])('eggs %s are refused', async (_, native, offending) => {
    const eggs = `eggs-${offending}`
    await mkdir(join(place().root, eggs))
    for (const egg of ['mesos.interface-0.20.1-py2.7.egg', native])
      await writeFile(join(place().root, eggs, egg), '')
    const file = await place().clusterFile((cluster) => ({ ...cluster, mesos: { ...cluster.mesos, eggs } }))
    const story = await runJson(place().root, ['run', 'build-mesos-eggs-in-docker', '--cluster', file])
    expect(story.exitCode).toBe(1)
    expect(story.ends[0]?.failure).toMatchObject({
      kind: 'refused',
      problem: expect.stringContaining(offending),
    })
  })
})

const hostKey = '/etc/ssh/ssh_host_ed25519_key.pub'
