import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Cluster } from '../../../lib/model/cluster.ts'
import type { Failure } from '../../../lib/model/failure.ts'
import type { Host } from '../../../lib/model/host.ts'
import type { Fleet, HostSession } from '../../../lib/model/host-session.ts'
import { UsageError } from '../../../lib/model/problem.ts'
import { failureInWords } from '../../../lib/report/words/failure.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { freePort, startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

let sshd: Sshd
const fleets: Fleet[] = []

beforeAll(async () => {
  sshd = await startSshd()
})
afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()))
})
afterAll(() => sshd?.stop())

const connect = (ssh: Cluster['ssh'] = {}, host: Partial<Host> = {}): Promise<HostSession> => {
  const fleet = openFleet({ ...sshd.cluster, ssh: { ...sshd.cluster.ssh, ...ssh } })
  fleets.push(fleet)
  return fleet.session({ ...sshd.host, ...host })
}
const path = (name: string) => join(sshd.folder, name)
const makeKey = (name: string, passphrase = '', options = ['-t', 'ed25519']) => {
  execFileSync('ssh-keygen', ['-q', ...options, '-N', passphrase, '-C', '', '-f', path(name)])
  return path(name)
}
const fingerprintOf = (name: string) =>
  execFileSync('ssh-keygen', ['-lf', path(name)], { encoding: 'utf8' }).split(' ')[1]
const shell = (command: string) =>
  execFileSync('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] })

const keyTypes: [name: string, options: string[]][] = [
  ['rsa', ['-t', 'rsa']],
  ...['256', '384', '521'].map((bits): [string, string[]] => [`ecdsa-${bits}`, ['-t', 'ecdsa', '-b', bits]]),
]

describe('a host’s key', () => {
  it('that is unknown is refused, with its fingerprint and the command that accepts it', async () => {
    writeFileSync(path('nobody'), '')
    const failure = await failureOf(connect({ knownHosts: path('nobody') }))
    expect(failure).toEqual({
      kind: 'host-key',
      host: 'host-1',
      fingerprint: fingerprintOf('host_key.pub'),
      accept: `ssh-keyscan -t ed25519 -p ${sshd.port} 127.0.0.1 >> ${path('nobody')}`,
    })
    shell((failure as Extract<Failure, { accept: string }>).accept)
    expect((await (await connect({ knownHosts: path('nobody') })).exec(['echo', 'in'])).stdout).toBe('in\n')
  })

  it('that has changed is refused with both fingerprints, and can be replaced', async () => {
    makeKey('old_host_key')
    const line = `[127.0.0.1]:${sshd.port} ${readFileSync(path('old_host_key.pub'), 'utf8')}`
    writeFileSync(path('outdated'), line)
    const failure = await failureOf(connect({ knownHosts: path('outdated') }))
    expect(failure).toMatchObject({
      kind: 'host-key',
      fingerprint: fingerprintOf('host_key.pub'),
      known: fingerprintOf('old_host_key.pub'),
    })
    shell((failure as Extract<Failure, { accept: string }>).accept)
    expect((await (await connect({ knownHosts: path('outdated') })).exec(['echo', 'in'])).stdout).toBe('in\n')
  })

  it('that is revoked is refused', async () => {
    writeFileSync(path('revoking'), readFileSync(path('known_hosts')))
    appendFileSync(path('revoking'), `@revoked * ${readFileSync(path('host_key.pub'), 'utf8')}`)
    const failure = await failureOf(connect({ knownHosts: path('revoking') }))
    expect(failure).toEqual({
      kind: 'host-key',
      host: 'host-1',
      fingerprint: fingerprintOf('host_key.pub'),
      revoked: `${path('revoking')}, line 2`,
    })
  })

  it('that only a certificate would vouch for is refused by that name', async () => {
    writeFileSync(path('authority'), `@cert-authority * ${readFileSync(path('host_key.pub'), 'utf8')}`)
    const failure = await failureOf(connect({ knownHosts: path('authority') }))
    expect(failure).toMatchObject({ kind: 'host-key', authority: `${path('authority')}, line 1` })
    expect(failureInWords(failure).what).toContain('@cert-authority')
  })

  it('is known by a hashed name with a port', async () => {
    writeFileSync(path('hashed'), readFileSync(path('known_hosts')))
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path('hashed')], { stdio: 'ignore' })
    expect(readFileSync(path('hashed'), 'utf8')).toMatch(/^\|1\|/)
    expect((await (await connect({ knownHosts: path('hashed') })).exec(['echo', 'in'])).stdout).toBe('in\n')
  })

  it.each(keyTypes)('is asked for in the type that is known: %s', async (name, options) => {
    const key = makeKey(`host_${name}`, '', options)
    const several = await startSshd([`HostKey ${key}`])
    onTestFinished(() => several.stop())
    writeFileSync(path('known'), `[127.0.0.1]:${several.port} ${readFileSync(`${key}.pub`, 'utf8')}`)
    const fleet = openFleet({
      ...several.cluster,
      ssh: { ...several.cluster.ssh, knownHosts: path('known') },
    })
    fleets.push(fleet)
    expect((await (await fleet.session(several.host)).exec(['echo', 'in'])).stdout).toBe('in\n')
  })
})

describe('logging in', () => {
  it.each(keyTypes)('works with a key of type %s', async (name, options) => {
    const identity = makeKey(`client_${name}`, '', options)
    appendFileSync(path('authorized_keys'), readFileSync(`${identity}.pub`))
    expect((await (await connect({ identity })).exec(['echo', 'in'])).stdout).toBe('in\n')
  })

  it('fails as authentication with a key that the host does not admit', async () => {
    expect(await failureOf(connect({ identity: makeKey('stranger') }))).toMatchObject({
      kind: 'authentication',
      host: 'host-1',
      address: `127.0.0.1:${sshd.port}`,
      user: sshd.host.user,
    })
  })

  it('names the certificate that `ssh` would have used', async () => {
    const identity = makeKey('certified')
    execFileSync('ssh-keygen', ['-q', '-s', makeKey('authority_key'), '-I', 'me', `${identity}.pub`])
    expect(await failureOf(connect({ identity }))).toMatchObject({
      kind: 'authentication',
      detail: expect.stringContaining(`${identity}-cert.pub is a certificate`),
    })
  })

  it('is refused by name with a key that has a passphrase', async () => {
    const problem = await problemOf(connect({ identity: makeKey('locked', 'secret') }))
    expect(problem).toMatchObject({
      kind: 'unusable-ssh',
      host: 'host-1',
      problem: expect.stringContaining(`${path('locked')} has a passphrase`),
      advice: expect.stringContaining(`ssh-add ${path('locked')}`),
    })
  })

  it('is refused by name with a key that is not there', async () => {
    const problem = await problemOf(connect({ identity: path('absent') }))
    expect(problem).toMatchObject({ problem: expect.stringContaining(`${path('absent')} does not exist`) })
  })
})

describe('a host that cannot be reached', () => {
  it('is named with its address when nobody listens', async () => {
    const port = await freePort()
    expect(await failureOf(connect({}, { port }))).toMatchObject({
      kind: 'unreachable',
      host: 'host-1',
      address: `127.0.0.1:${port}`,
      detail: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('is tried again when it hangs up at once, as a busy sshd does', async () => {
    let turnedAway = 0
    const busy = createServer((socket) => {
      turnedAway++
      socket.destroy()
    })
    await new Promise<void>((listening) => busy.listen(0, '127.0.0.1', listening))
    const { port } = busy.address() as AddressInfo
    expect(await failureOf(connect({}, { port }))).toMatchObject({ kind: 'unreachable' })
    expect(turnedAway).toBe(4)
    busy.close()
  })
})

it('asks nothing of a host twice: its session is kept', async () => {
  const fleet = openFleet(sshd.cluster)
  fleets.push(fleet)
  expect(await fleet.session(sshd.host)).toBe(await fleet.session(sshd.host))
})

it('reaches many hosts of one address though sshd turns a crowd away', async () => {
  const strict = await startSshd(['MaxStartups 2:100:2'])
  try {
    const hosts = Array.from({ length: 12 }, (_, index) => ({ ...strict.host, name: `host-${index}` }))
    const fleet = openFleet({ ...strict.cluster, hosts: { hosts } }, { connectLimit: 3 })
    fleets.push(fleet)
    const sessions = await Promise.all(hosts.map((host) => fleet.session(host)))
    expect(new Set(sessions).size).toBe(12)
  } finally {
    await Promise.all(fleets.splice(0).map((fleet) => fleet.close()))
    await strict.stop()
  }
})

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  if (error instanceof UsageError) return error.problem
  throw error
}
