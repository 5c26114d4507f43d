import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, ConnectConfig } from 'ssh2'
import SftpClient from 'ssh2-sftp-client'
import type { Failure } from '../model/failure.ts'
import { Failed } from '../model/failure.ts'
import type { Host } from '../model/host.ts'
import type { Authentication } from './authentication.ts'
import { authenticationOf } from './authentication.ts'
import type { Connection } from './connection.ts'
import { connectionOf } from './connection.ts'
import { hostKeyAlgorithms, keyRefusal } from './host-key.ts'
import type { KnownHost } from './known-hosts.ts'
import { readKnownHosts } from './known-hosts.ts'
import type { SshSettings } from './ssh-settings.ts'

/** Connects and logs in. Throws what is in the way as `Failed`: unreachable, host-key, authentication. */
export async function connect(host: Host, settings: SshSettings): Promise<Connection> {
  const authentication = await authenticationOf(host, settings)
  const known = await readKnownHosts(settings.knownHosts)
  for (let attempt = 1; ; attempt++) {
    const tried = await tryToConnect(host, settings, authentication, known)
    if ('connection' in tried) return tried.connection
    if (!tried.turnedAway || attempt === attempts) throw tried.failed
    await pause(200 * 2 ** attempt * (0.5 + Math.random()))
  }
}

const attempts = 4

/** `turnedAway`: the server hung up before a word was said, as a busy sshd does (MaxStartups); another try is safe. */
type Tried = { connection: Connection } | { failed: Failed; turnedAway: boolean }

async function tryToConnect(
  host: Host,
  settings: SshSettings,
  { methods, unusable }: Authentication,
  known: KnownHost[],
): Promise<Tried> {
  const { client } = new SftpClient(host.name, { error() {}, end() {}, close() {} }) as WithClient
  const proxy = settings.proxy && openProxy(settings.proxy)
  let refusal: Failed | undefined
  try {
    await login(client, {
      host: settings.address,
      port: settings.port,
      username: settings.user,
      ...(proxy && { sock: proxy.stream }),
      authHandler: methods as ConnectConfig['authHandler'],
      hostVerifier: (key: Buffer) => !(refusal = keyRefusal(host, settings, known, key)),
      algorithms: { serverHostKey: hostKeyAlgorithms(settings, known) as never },
      readyTimeout: settings.connectTimeoutMs,
      keepaliveInterval: 5000,
      keepaliveCountMax: 3,
    })
    return { connection: connectionOf(host, settings.user, client) }
  } catch (error) {
    client.destroy()
    const complaint = await proxy?.end()
    if (refusal) return { failed: refusal, turnedAway: false }
    const cause = error as SshError
    const wordless = proxy && hasHungUp(cause) ? 'what connects to it ended without a word' : cause.message
    const failed = new Failed(connectFailure(host, settings, cause, complaint || wordless, unusable))
    return { failed, turnedAway: isTurnedAway(cause, complaint) }
  }
}

/** SFTP is opened when it is needed: its own `connect` would do so at once, and a server may admit a single session. */
type WithClient = SftpClient & { client: Client }

function login(client: Client, config: ConnectConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('ready', resolve).on('error', reject)
    client.once('close', () => reject(new Error('Connection closed')))
    client.connect(config)
    // Nagle's algorithm makes every small write wait for an acknowledgement: the handshake would take three times as long,
    // transfers tens of times.
    client.setNoDelay(true)
  })
}

type SshError = Error & { level?: string; code?: string | number }

/** A proxy that says why nothing came of it will say so again, unless somebody hung up on it, too. */
function isTurnedAway(error: SshError, complaint: string | undefined): boolean {
  return hasHungUp(error) && (!complaint || /connection (closed|reset) by/i.test(complaint))
}

/** A host, or a command in between, that is gone before the handshake. */
function hasHungUp({ code, message }: SshError): boolean {
  const codes = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']
  return codes.includes(String(code)) || message === 'Connection lost before handshake'
}

/** The reasons for which sshd hangs up on a client that offered too many keys. */
const tooManyKeys = [2, 14]

function connectFailure(
  host: Host,
  settings: SshSettings,
  error: SshError,
  detail: string,
  unusable: string[],
): Failure {
  const address = settings.port === 22 ? settings.address : `${settings.address}:${settings.port}`
  const refused = error.level === 'client-authentication' || tooManyKeys.includes(Number(error.code))
  if (refused)
    return {
      kind: 'authentication',
      host: host.name,
      address,
      user: settings.user,
      detail: [detail, ...unusable].join('; '),
    }
  const silent = error.level === 'client-timeout' || error.code === 'ETIMEDOUT'
  return {
    kind: 'unreachable',
    host: host.name,
    address,
    detail: silent ? `no answer within ${settings.connectTimeoutMs / 1000} s` : detail,
  }
}

interface Proxy {
  stream: Duplex
  /** Ends the command. @returns what it said on stderr */
  end(): Promise<string>
}

/** A command whose stdin and stdout are the way to the host. */
function openProxy([command = '', ...args]: string[]): Proxy {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk).slice(-2000)))
  const closed = new Promise((resolve) => child.once('close', resolve))
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
  child.on('error', (error) => {
    said ||= error.message
    stream.destroy()
  })
  stream.on('close', () => child.kill())
  return {
    stream,
    async end() {
      child.kill()
      await Promise.race([closed, pause(1000, undefined, { ref: false })])
      return said.trim()
    },
  }
}
