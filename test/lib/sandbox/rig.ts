import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectConfig } from 'ssh2'
import ssh2 from 'ssh2'
import SftpClient from 'ssh2-sftp-client'
import { onTestFinished } from 'vitest'
import { ensureKey, readPublicKey } from '../../../lib/sandbox/keys.ts'
import { sandboxUser } from '../../../lib/sandbox/layout.ts'
import type { HostServer } from '../../../lib/sandbox/server.ts'
import { serveHost } from '../../../lib/sandbox/server.ts'

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sandbox-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface TestHost {
  /** The host's root folder. */
  root: string
  /** The folder around it, which clients must not reach. */
  outside: string
  server: HostServer
  clientKey: string
  hostKey: string
  /** How the admitted client connects. */
  access: ConnectConfig
}

/** One served host with keys of its own, until the test is over. */
export async function testHost(): Promise<TestHost> {
  const outside = temporaryFolder()
  const root = join(outside, 'host')
  mkdirSync(root)
  const [hostKey, clientKey] = [join(outside, 'host-key'), join(outside, 'client-key')]
  ensureKey(hostKey, 'test-host')
  ensureKey(clientKey, 'test-client')
  const server = await serveHost({
    root,
    user: sandboxUser(),
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ROOT: root, LANG: 'C.UTF-8' },
    hostKey: readFileSync(hostKey, 'utf8'),
    clientKey: readPublicKey(clientKey),
  })
  onTestFinished(() => server.close())
  const access = {
    host: '127.0.0.1',
    port: server.port,
    username: sandboxUser(),
    privateKey: readFileSync(clientKey),
  }
  return { root, outside, server, clientKey, hostKey, access }
}

/** A connection; rejects when it is refused. */
export function connect(access: ConnectConfig): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  onTestFinished(() => void client.destroy())
  return new Promise((resolve, reject) => {
    client.once('ready', () => {
      client.setNoDelay(true)
      resolve(client)
    })
    // Later ones are of a test's own making: it closes servers under their clients.
    client.on('error', reject)
    client.connect(access)
  })
}

export interface Ran {
  code: number | null
  signal: string | undefined
  stdout: string
  stderr: string
}

/** Runs one command to its end, giving it `input` on stdin. */
export function run(client: ssh2.Client, command: string, input: string | Buffer = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error)
      const out: Buffer[] = []
      const err: Buffer[] = []
      let ended: [number | null, string | undefined] = [null, undefined]
      channel.on('data', (piece: Buffer) => out.push(piece))
      channel.stderr.on('data', (piece: Buffer) => err.push(piece))
      channel.once('exit', (code: number | null, signal?: string) => {
        ended = [code, signal]
      })
      channel.once('close', () => {
        const [code, signal] = ended
        resolve({
          code,
          signal,
          stdout: Buffer.concat(out).toString(),
          stderr: Buffer.concat(err).toString(),
        })
      })
      channel.end(input)
    })
  })
}

/** A transfer client, closed when the test is over. */
export async function sftpTo(access: ConnectConfig): Promise<SftpClient> {
  const sftp = new SftpClient('test', { error: () => {}, end: () => {}, close: () => {} } as never)
  await sftp.connect(access)
  ;(sftp as unknown as { client: ssh2.Client }).client.setNoDelay(true)
  onTestFinished(() => void sftp.end())
  return sftp
}
