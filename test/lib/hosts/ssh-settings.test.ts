import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { sshSettings } from '../../../lib/hosts/ssh/ssh-settings.ts'
import type { Host } from '../../../lib/model/host.ts'
import { UsageError } from '../../../lib/model/problem.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssh-settings-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

const host: Host = { name: 'master', role: 'master', address: 'box', root: '' }
const settingsWith = (config: string, given: Partial<Host> = {}, ssh = {}) => {
  const file = join(folder, 'config')
  writeFileSync(file, config)
  return sshSettings({ ...host, ...given }, ssh, ['-F', file])
}

it('are those that `ssh` would use', async () => {
  const settings = await settingsWith(`Host box
    HostName 203.0.113.10
    Port 2222
    User jclouds
    IdentityFile ~/keys/%r
    IdentitiesOnly yes
    UserKnownHostsFile ~/one /etc/two
    GlobalKnownHostsFile none
    HostKeyAlias the-box
    ConnectTimeout 7
  `)
  expect(settings).toMatchObject({
    address: '203.0.113.10',
    port: 2222,
    user: 'jclouds',
    identities: [join(homedir(), 'keys/jclouds')],
    identitiesOnly: true,
    knownHosts: [join(homedir(), 'one'), '/etc/two'],
    hostKeyAlias: 'the-box',
    connectTimeoutMs: 7000,
  })
  expect(settings.proxy).toBeUndefined()
})

it('have what the cluster file says on top', async () => {
  const config =
    'Port 2222\nUser config\nIdentityFile /from/config\nUserKnownHostsFile /k/config\nGlobalKnownHostsFile none\n'
  const ssh = { identity: '~/mine', knownHosts: '/k/mine' }
  expect(await settingsWith(config, { user: 'jclouds', port: 22 }, ssh)).toMatchObject({
    port: 22,
    user: 'jclouds',
    identities: [join(homedir(), 'mine')],
    knownHosts: ['/k/mine'],
  })
})

describe('the agent', () => {
  it('is that of the session', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', '/run/agent')
    expect((await settingsWith('')).agent).toBe('/run/agent')
  })

  it('is the configured one, or none', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', '/run/agent')
    vi.stubEnv('OTHER_AGENT', '/run/other')
    expect((await settingsWith('IdentityAgent ~/agent.sock')).agent).toBe(join(homedir(), 'agent.sock'))
    expect((await settingsWith('IdentityAgent $OTHER_AGENT')).agent).toBe('/run/other')
    expect((await settingsWith('IdentityAgent none')).agent).toBeUndefined()
  })
})

describe('the way', () => {
  it('over jump hosts is left to `ssh -W`, which must check their keys', async () => {
    const { proxy } = await settingsWith('Host box\nHostName 203.0.113.10\nProxyJump first,me@last:2200\n')
    expect(proxy?.slice(3)).toEqual([
      ...['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'],
      ...['-J', 'first', '-W', '[203.0.113.10]:22', '--', 'ssh://me@last:2200'],
    ])
  })

  it('through a command has its tokens filled in', async () => {
    const { proxy } = await settingsWith('User jclouds\nProxyCommand connect %r@%h:%p 100%%\n')
    expect(proxy).toEqual(['sh', '-c', 'exec connect jclouds@box:22 100%'])
  })
})

it('refuse a certificate by name', async () => {
  const file = join(folder, 'id-cert.pub')
  writeFileSync(file, '')
  const error = await settingsWith(`CertificateFile ${file}\n`).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UsageError)
  expect((error as UsageError).problem).toMatchObject({
    kind: 'unusable-ssh',
    host: 'master',
    problem: expect.stringContaining(file),
  })
})

it('say what is wrong with a configuration that `ssh` cannot read', async () => {
  const error = (await settingsWith('NoSuchKeyword yes\n').catch((error: unknown) => error)) as UsageError
  expect(error.problem).toMatchObject({
    kind: 'unusable-ssh',
    problem: expect.stringContaining('nosuchkeyword'),
  })
})

it('say that OpenSSH is missing where it is', async () => {
  vi.stubEnv('PATH', folder)
  const error = (await sshSettings(host, {}).catch((error: unknown) => error)) as UsageError
  expect(error.problem).toMatchObject({
    kind: 'unusable-ssh',
    advice: expect.stringContaining('openssh-client'),
  })
})

it('ask no OpenSSH where the cluster says all', async () => {
  vi.stubEnv('PATH', folder)
  const ssh = { standalone: true, identity: '/k/key', knownHosts: '/k/known' }
  expect(await sshSettings({ ...host, address: '127.0.0.1', port: 2022 }, ssh)).toEqual({
    address: '127.0.0.1',
    port: 2022,
    door: '127.0.0.1:2022',
    user: userInfo().username,
    identities: ['/k/key'],
    identitiesOnly: true,
    knownHosts: ['/k/known'],
    answerTimeoutMs: 8000,
    connectTimeoutMs: 20_000,
  })
})
