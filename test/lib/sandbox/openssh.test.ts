import { execFile } from 'node:child_process'
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readPublicKey } from '../../../lib/sandbox/keys.ts'
import { sandboxUser } from '../../../lib/sandbox/layout.ts'
import type { TestHost } from './rig.ts'
import { testHost } from './rig.ts'

test('the ssh program connects with strict checking, runs a command and gets its status', async () => {
  const host = await testHost()
  const failing = ssh(host, 'cat; echo err >&2; exit 9', 'typed')
  await expect(failing).rejects.toMatchObject({ code: 9, stdout: 'typed', stderr: 'err\n' })
})

test('the ssh program refuses a host key that it does not know', async () => {
  const host = await testHost()
  const other = await testHost()
  await expect(ssh({ ...host, hostKey: other.hostKey }, 'true')).rejects.toMatchObject({
    code: 255,
    stderr: expect.stringContaining('Host key verification failed'),
  })
})

test('the sftp program transfers, lists, links and renames', async () => {
  const host = await testHost()
  writeFileSync(join(host.outside, 'up'), 'content\n', { mode: 0o600 })
  const commands = [
    'put -p up sent',
    'ln -s sent link',
    'rename sent moved',
    'get moved down',
    'ls -l',
    'pwd',
  ]
  const { stdout } = await sftp(host, commands)
  expect(readFileSync(join(host.outside, 'down'), 'utf8')).toBe('content\n')
  expect(statSync(join(host.root, 'moved')).mode & 0o777).toBe(0o600)
  expect(stdout).toMatch(/^-rw-------.* 8 .*moved$/m)
  expect(stdout).toMatch(/^lrwx.*link$/m)
  expect(stdout).toContain(`Remote working directory: ${host.root}`)
})

test('the sftp program does not leave the host by a link', async () => {
  const host = await testHost()
  writeFileSync(join(host.outside, 'secret'), 'secret')
  symlinkSync(host.outside, join(host.root, 'escape'))
  // `get` looks for the file by listing folders, and says only that it found none.
  await expect(sftp(host, ['get escape/secret stolen'])).rejects.toMatchObject({
    stderr: expect.stringMatching(/not found/),
  })
})

function ssh(host: TestHost, command: string, input = '') {
  const child = promisify(execFile)('ssh', [...optionsFor(host, '-p'), '127.0.0.1', command])
  child.child.stdin?.end(input)
  return child
}

function sftp(host: TestHost, commands: string[]) {
  const args = [...optionsFor(host, '-P'), '-b', '-', '127.0.0.1']
  const child = promisify(execFile)('sftp', args, { cwd: host.outside })
  child.child.stdin?.end(`${commands.join('\n')}\n`)
  return child
}

function optionsFor({ outside, server, clientKey, hostKey }: TestHost, port: string): string[] {
  const knownHosts = join(outside, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:* ${readPublicKey(hostKey)}\n`)
  const options = {
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    IdentitiesOnly: 'yes',
    IdentityFile: clientKey,
    User: sandboxUser(),
  }
  const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  return ['-F', '/dev/null', port, String(server.port), ...given]
}
