import { appendFile, copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Action } from '../../../lib/model/action.ts'
import type { Cluster } from '../../../lib/model/cluster.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Host } from '../../../lib/model/host.ts'
import type { HostSession } from '../../../lib/model/host-session.ts'
import { EngineRig } from '../../rig/engine.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'

let sshd: Sshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd?.stop())

const receipts = 'var/lib/aurora-mesosphere/receipts'

/** A host of its own behind the server, with an identity as the installation of a system gives it. */
async function newHost(name: string): Promise<Host> {
  const host = { ...sshd.host, name, root: join(sshd.folder, name) }
  await mkdir(join(host.root, 'etc'), { recursive: true })
  await writeFile(join(host.root, 'etc/machine-id'), `${digestOf(name).slice(0, 32)}\n`)
  return host
}

function fleetOf(hosts: Host[], { ssh }: Cluster = sshd.cluster) {
  const fleet = openFleet({ ...sshd.cluster, ssh, hosts: { hosts } })
  onTestFinished(() => fleet.close())
  return fleet
}

/** A host on which `task` has made one file, according to its receipt. */
async function deployed(name: string, task = 'deploy') {
  const host = await newHost(name)
  const session = await fleetOf([host]).session(host)
  const made = join(host.root, 'srv/made')
  await mkdir(join(host.root, 'srv'))
  await writeFile(made, 'made')
  await session.writeReceipt({
    schema: 1,
    task,
    key: digestOf(task),
    action: {} as Action,
    outputs: await session.digest(['/srv/made']),
    reasons: [],
    durationMs: 1,
    finishedAt: '2026-01-01T00:00:00Z',
  })
  return { host, session, made, file: join(host.root, receipts, task) }
}

const receiptOf = async (session: HostSession, task = 'deploy', verify: 'fast' | 'full' = 'fast') =>
  (await session.check({ task, facts: {}, verify })).receipt

describe('a receipt', () => {
  it('is for its owner alone to read', async () => {
    const { file } = await deployed('private')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('that was edited is none', async () => {
    const { session, file, made } = await deployed('edited')
    const whole = await readFile(file, 'utf8')
    const edit = (before: string, after: string) => writeFile(file, whole.replaceAll(before, after))
    await edit(digestOf('deploy'), digestOf('another'))
    expect(await receiptOf(session)).toBeUndefined()
    await writeFile(made, 'evil')
    await edit(digestOf('made'), digestOf('evil'))
    expect(await receiptOf(session, 'deploy', 'full')).toBeUndefined()
    await edit('/srv/made', '/srv/evil')
    expect(await receiptOf(session)).toBeUndefined()
    await edit('', '')
    expect(await receiptOf(session)).toBeDefined()
  })

  it('of another version is none', async () => {
    const { session, file } = await deployed('older')
    const [host, , content, ...paths] = (await readFile(file, 'utf8')).split('\n')
    const other = content!.replace(/"version":\d+/, '"version":99')
    await writeFile(file, [host, digestOf(other), other, ...paths].join('\n'))
    expect(await receiptOf(session)).toBeUndefined()
  })

  it('of another task is none', async () => {
    const { session, file } = await deployed('renamed')
    await copyFile(file, `${file}-2`)
    expect(await receiptOf(session, 'deploy-2')).toBeUndefined()
  })

  it('of another host is none: a clone has done nothing yet', async () => {
    const original = await deployed('original')
    const clone = await deployed('clone')
    await copyFile(original.file, clone.file)
    expect(await receiptOf(clone.session)).toBeUndefined()
    expect(await receiptOf(original.session)).toBeDefined()
  })

  it('knows its host by its SSH keys where the system gave it no other identity', async () => {
    const { host, session, file } = await deployed('old-debian')
    await writeFile(join(host.root, 'etc/machine-id'), '')
    await mkdir(join(host.root, 'etc/ssh'))
    await writeFile(join(host.root, 'etc/ssh/ssh_host_rsa_key.pub'), 'ssh-rsa AAAA root@here\n')
    expect(await receiptOf(session)).toBeUndefined()
    const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
    await writeFile(file, ['ssh-rsa AAAA root@here', ...rest].join('\n'))
    expect(await receiptOf(session)).toBeDefined()
  })
})

describe('over hosts', { timeout: 60_000 }, () => {
  /** An operator's own workspace: `install` on every host, from a version that is configured, then `start`. */
  const operator = (hosts: Host[], version: string, cluster?: Cluster) => {
    const rig = new EngineRig()
    rig.fleet = fleetOf(hosts, cluster)
    const write = 'mkdir -p "$ROOT/srv" && echo "$1" >"$ROOT/srv/$0"'
    const install = rig.task({
      name: 'install',
      on: 'hosts',
      inputs: { values: { version } },
      outputs: { files: ['/srv/installed'] },
      run: async ({ host }) => void (await host.exec(['sh', '-c', write, 'installed', version])),
    })
    rig.task({
      name: 'start',
      on: 'hosts',
      needs: [install],
      outputs: { files: ['/srv/started'] },
      run: async ({ host }) => void (await host.exec(['sh', '-c', write, 'started', version])),
    })
    return async (target: string) => (await rig.run([target])).statuses
  }
  const [ran, stands] = ['ran', 'up-to-date'] as const

  it('two operators agree, whoever deployed last', async () => {
    const hosts = [await newHost('shared')]
    const [mine, theirs] = [operator(hosts, 'v1'), operator(hosts, 'v1')]
    expect(await mine('install')).toEqual({ 'install@shared': ran })
    expect(await theirs('install')).toEqual({ 'install@shared': stands })
    expect(await operator(hosts, 'v2')('install')).toEqual({ 'install@shared': ran })
    expect(await mine('install')).toEqual({ 'install@shared': ran })
  })

  it('one that was created anew, under another address and key, gets exactly what it lost', async () => {
    const kept = await newHost('kept')
    const lost = await newHost('lost')
    await operator([kept, lost], 'v1')('start')
    const other = await startSshd()
    onTestFinished(() => other.stop())
    const admit = await readFile(join(sshd.folder, 'client_key.pub'), 'utf8')
    await appendFile(join(other.folder, 'authorized_keys'), admit)
    const knownHosts = join(other.folder, 'both')
    for (const { folder } of [sshd, other])
      await appendFile(knownHosts, await readFile(join(folder, 'known_hosts')))
    const anew = { ...other.host, name: 'lost' }
    const cluster = { ...sshd.cluster, ssh: { ...sshd.cluster.ssh, knownHosts } }
    expect(await operator([kept, anew], 'v1', cluster)('start')).toEqual({
      'install@kept': stands,
      'start@kept': stands,
      'install@lost': ran,
      'start@lost': ran,
    })
  })
})
