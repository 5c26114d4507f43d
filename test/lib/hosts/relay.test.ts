import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Action } from '../../../lib/model/action.ts'
import type { Digest } from '../../../lib/model/digest.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { HostSession, LocalFile, Offer } from '../../../lib/model/host-session.ts'
import { countedLink } from '../../rig/counted-link.ts'
import { programsFolder } from '../../rig/programs-folder.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'
import { failureOf } from './contract.ts'

let master: Sshd
let slaves: Sshd[]
let here: string

beforeAll(async () => {
  ;[master, ...slaves] = await Promise.all([startSshd(), startSshd(), startSshd(), startSshd()])
  here = mkdtempSync(join(tmpdir(), 'relay-'))
})
afterAll(async () => {
  await Promise.all([master, ...(slaves ?? [])].map((sshd) => sshd?.stop()))
  rmSync(here, { recursive: true })
})

const local = (name: string, size = 10_000_000): LocalFile => {
  const content = randomBytes(size)
  const path = join(here, name)
  writeFileSync(path, content)
  return { path, digest: digestOf(content), size, executable: false }
}

/** A session over a link of its own, whose bytes are counted. */
const reach = async (sshd: Sshd) => {
  const link = await countedLink(sshd.port)
  const known = join(here, `known-${link.port}`)
  writeFileSync(
    known,
    readFileSync(join(sshd.folder, 'known_hosts'), 'utf8').replace(`${sshd.port}`, `${link.port}`),
  )
  const host = { ...sshd.host, port: link.port }
  const fleet = openFleet({
    ...sshd.cluster,
    hosts: { hosts: [host] },
    ssh: { ...sshd.cluster.ssh, knownHosts: known },
  })
  onTestFinished(async () => {
    await fleet.close()
    link.close()
  })
  return { session: await fleet.session(host), bytes: link.bytes, close: () => fleet.close() }
}

const place = (sshd: Sshd, file: LocalFile) => join(sshd.host.root, 'opt', file.path.slice(here.length))
const arrived = (sshd: Sshd, file: LocalFile) => digestOf(readFileSync(place(sshd, file))) === file.digest
const none = () => {}

/** Uploads to a slave what the master offers. @returns why that way was not taken */
const uploadFrom = async (
  to: HostSession,
  file: LocalFile,
  addresses: Offer['addresses'],
): Promise<string[]> => {
  const whys: string[] = []
  await to.upload([file], '/opt', none, undefined, { addresses, bypassed: (why) => whys.push(why) })
  return whys
}

it('the operator sends a file once, however many hosts are to have it', async () => {
  const file = local('bundle')
  const way = await reach(master)
  const all = await Promise.all(slaves.map(reach))
  await Promise.all(
    all.map(async ({ session }) => {
      expect(await uploadFrom(session, file, await way.session.offer([file], none))).toEqual([])
    }),
  )
  expect(slaves.map((slave) => arrived(slave, file))).toEqual([true, true, true])
  const sent = [way, ...all].reduce((sum, { bytes }) => sum + bytes(), 0)
  expect(sent).toBeGreaterThan(file.size)
  expect(sent).toBeLessThan(file.size * 1.1)
})

it('the operator does not send what the host that gives it out has made itself', async () => {
  const file = local('made-there')
  mkdirSync(join(master.host.root, 'srv'))
  writeFileSync(join(master.host.root, 'srv/made'), readFileSync(file.path))
  const { session, bytes } = await reach(master)
  await session.writeReceipt({
    schema: 1,
    task: 'make',
    key: digestOf('make'),
    action: {} as Action,
    outputs: await session.digest(['/srv/made']),
    reasons: [],
    durationMs: 1,
    finishedAt: '2026-01-01T00:00:00Z',
  })
  const addresses = await session.offer([file], none)
  expect((await fetch(addresses[file.digest] as string)).status).toBe(200)
  expect(bytes()).toBeLessThan(1_000_000)
})

it('progress is told while a host fetches', async () => {
  const file = local('told', 50_000_000)
  const way = await reach(master)
  const { session } = await reach(slaves[0] as Sshd)
  const seen: [number, number][] = []
  const addresses = await way.session.offer([file], none)
  const offer = { addresses, bypassed: none }
  await session.upload([file], '/opt', (...progress) => seen.push(progress), undefined, offer)
  expect(seen[0]).toEqual([0, file.size])
  expect(seen.at(-1)).toEqual([file.size, file.size])
})

it('only who knows the whole address of a file gets it', async () => {
  const [file, other] = [local('secret'), local('other')]
  const { session } = await reach(master)
  const addresses = await session.offer([file], none)
  const address = addresses[file.digest] as string
  await session.offer([other], none)
  expect(Buffer.from(await (await fetch(address)).arrayBuffer()).equals(readFileSync(file.path))).toBe(true)
  const wrong = [
    new URL('/', address).href,
    new URL(`/${file.digest}`, address).href,
    address.replace(/\w(\w{5}\/\w{64})$/, 'x$1'),
    address.replace(file.digest, other.digest),
    address.replace(file.digest, `../store/${file.digest}`),
    address.replace(file.digest, digestOf('never offered')),
  ]
  expect(await Promise.all(wrong.map(async (one) => (await fetch(one)).status))).toEqual(wrong.map(() => 404))
})

it('the address of a file is in no command line', async () => {
  const file = local('quiet')
  const { session } = await reach(master)
  const addresses = await session.offer([file], none)
  const [, token] = new URL(addresses[file.digest] as string).pathname.split('/')
  const bin = mkdtempSync(join(here, 'bin-'))
  // While curl runs, all command lines are looked at.
  const curl = execFileSync('which', ['curl'], { encoding: 'utf8' }).trim()
  writeFileSync(join(bin, 'curl'), `#!/bin/sh\nps -eo args >${bin}/seen\nexec ${curl} "$@"\n`, {
    mode: 0o755,
  })
  const sshd = await startSshd([`SetEnv PATH=${bin}:${process.env.PATH} HOME=${bin}`])
  onTestFinished(() => sshd.stop())
  const { session: slave } = await reach(sshd)
  expect(await uploadFrom(slave, file, addresses)).toEqual([])
  const seen = readFileSync(join(bin, 'seen'), 'utf8')
  expect(seen).toContain(join(bin, 'curl'))
  expect(seen).not.toContain(token)
})

it('a host goes on with a file of which it has a part', async () => {
  const file = local('partly', 20_000_000)
  const slave = slaves[0] as Sshd
  const { session } = await reach(slave)
  const stop = new AbortController()
  const whole = session.upload(
    [file],
    '/opt',
    (done) => done > 8_000_000 && stop.abort('SIGINT'),
    stop.signal,
  )
  await expect(whole).rejects.toThrow('SIGINT')
  const way = await reach(master)
  const addresses = await way.session.offer([file], none)
  const totals: number[] = []
  const offer = { addresses, bypassed: none }
  await session.upload([file], '/opt', (_done, total) => totals.push(total), undefined, offer)
  expect(totals[0]).toBeLessThan(file.size)
  expect(arrived(slave, file)).toBe(true)
})

it('a host that cannot fetch is sent the file, and it is told why', async () => {
  const file = local('unreachable')
  const slave = slaves[1] as Sshd
  const { session } = await reach(slave)
  const addresses = { [file.digest]: `http://127.0.0.1:1/x/${file.digest}` } as Offer['addresses']
  expect(await uploadFrom(session, file, addresses)).toEqual([expect.stringContaining('127.0.0.1 port 1')])
  expect(arrived(slave, file)).toBe(true)
})

it('a host that fetches what is damaged is sent the file', async () => {
  const file = local('damaged')
  const slave = slaves[2] as Sshd
  const way = await reach(master)
  const addresses = await way.session.offer([file], none)
  writeFileSync(
    join(master.host.root, 'var/lib/aurora-mesosphere/store', file.digest),
    randomBytes(file.size),
  )
  const { session } = await reach(slave)
  expect(await uploadFrom(session, file, addresses)).toEqual(['what came from there was damaged'])
  expect(arrived(slave, file)).toBe(true)
})

const hostWith = async (...programs: string[]) => {
  const path = programsFolder(mkdtempSync(join(here, 'bin-')), 'sha256sum', 'dd', ...programs)
  const sshd = await startSshd([`SetEnv PATH=${path} HOME=${path}`])
  onTestFinished(() => sshd.stop())
  return sshd
}

it('a host that has wget only fetches with that', async () => {
  const file = local('by-wget')
  const way = await reach(master)
  const slave = await hostWith('wget')
  const { session, bytes } = await reach(slave)
  expect(await uploadFrom(session, file, await way.session.offer([file], none))).toEqual([])
  expect(arrived(slave, file)).toBe(true)
  expect(bytes()).toBeLessThan(1_000_000)
})

it('a host without a program to fetch with is sent the file', async () => {
  const file = local('by-nothing')
  const way = await reach(master)
  const slave = await hostWith()
  const { session } = await reach(slave)
  const whys = await uploadFrom(session, file, await way.session.offer([file], none))
  expect(whys).toEqual(['it has neither curl nor wget'])
  expect(arrived(slave, file)).toBe(true)
})

it('a host without Python gives out nothing, and says so', async () => {
  const { session } = await reach(await hostWith())
  expect(await failureOf(session.offer([local('unserved')], none))).toMatchObject({
    kind: 'refused',
    problem: 'host-1 has no Python, which is to give out the files there',
  })
})

/** What listens on the port of an address. */
const listens = (address: string) =>
  fetch(address).then(
    () => true,
    () => false,
  )

it('nothing is given out any more once the session is closed', async () => {
  const file = local('closed')
  const way = await reach(master)
  const address = (await way.session.offer([file], none))[file.digest as Digest] as string
  expect(await listens(address)).toBe(true)
  await way.close()
  await until(async () => !(await listens(address)))
})

/** A process of its own that offers a file, says where, and then only waits. */
const operator = async (sshd: Sshd, file: LocalFile) => {
  const fleet = fileURLToPath(new URL('../../../lib/hosts/fleet.ts', import.meta.url))
  const program = `
    import { openFleet } from ${JSON.stringify(fleet)}
    const cluster = ${JSON.stringify(sshd.cluster)}
    const session = await openFleet(cluster).session(cluster.hosts.hosts[0])
    const file = ${JSON.stringify(file)}
    console.log((await session.offer([file], () => {}))[file.digest])
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  await until(() => said.includes('\n'))
  return { child, address: said.trim() }
}

it('nothing is given out any more when the operator is killed', async () => {
  const { child, address } = await operator(master, local('killed'))
  expect(await listens(address)).toBe(true)
  child.kill('SIGKILL')
  await until(async () => !(await listens(address)))
})

it('nothing is given out any more when nothing is heard from the operator', async () => {
  const { child, address } = await operator(master, local('silent'))
  child.kill('SIGSTOP')
  await vi.waitUntil(async () => !(await listens(address)), { timeout: 20_000, interval: 500 })
}, 40_000)
