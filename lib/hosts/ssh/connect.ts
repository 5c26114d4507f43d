import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, ConnectConfig } from 'ssh2'
import SftpClient from 'ssh2-sftp-client'
import type { Failure } from '../../model/failure.ts'
import { Failed } from '../../model/failure.ts'
import type { Host } from '../../model/host.ts'
import type { Authentication } from './authentication.ts'
import { authenticationOf } from './authentication.ts'
import type { Connection } from './connection.ts'
import { connectionOf } from './connection.ts'
import { hostKeyAlgorithms, keyRefusal } from './host-key.ts'
import type { KnownHost } from './known-hosts.ts'
import { readKnownHosts } from './known-hosts.ts'
import type { SshSettings } from './ssh-settings.ts'
import { openWay } from './way.ts'

/**
 * Connects and logs in. Throws what is in the way as `Failed`: unreachable, host-key, authentication.
 * @param onSilence called when the host is knocked at and says nothing for a while; it may answer later
 */
export async function connect(
  host: Host,
  settings: SshSettings,
  onSilence: () => void = () => {},
): Promise<Connection> {
  const authentication = await authenticationOf(host, settings)
  const known = await readKnownHosts(settings.knownHosts)
  for (let attempt = 1; ; attempt++) {
    const tried = await tryToConnect(host, settings, authentication, known, onSilence)
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
  onSilence: () => void,
): Promise<Tried> {
  const { client } = new SftpClient(host.name, { error() {}, end() {}, close() {} }) as WithClient
  const way = openWay(settings)
  let refusal: Failed | undefined
  const login = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).on('error', reject)
    client.once('close', () => reject(new Error('Connection closed')))
    whileSilent(way.stream, silenceMs, onSilence)
    whileSilent(way.stream, settings.answerTimeoutMs, () => reject(noAnswer(settings.answerTimeoutMs)))
    client.connect({
      sock: way.stream,
      username: settings.user,
      authHandler: methods as ConnectConfig['authHandler'],
      hostVerifier: (key: Buffer) => !(refusal = keyRefusal(host, settings, known, key)),
      algorithms: { serverHostKey: hostKeyAlgorithms(settings, known) as never },
      readyTimeout: settings.connectTimeoutMs,
      keepaliveInterval: 5000,
      keepaliveCountMax: 3,
    })
  })
  try {
    await login
    return { connection: connectionOf(host, settings.user, client) }
  } catch (error) {
    client.destroy()
    const complaint = await way.end()
    if (refusal) return { failed: refusal, turnedAway: false }
    const cause = error as SshError
    const wordless = settings.proxy && hasHungUp(cause) && 'what connects to it ended without a word'
    const detail = complaint || wordless || cause.message
    const failed = new Failed(connectFailure(host, settings, cause, detail, unusable))
    return { failed, turnedAway: isTurnedAway(cause, complaint) }
  }
}

/** SFTP is opened when it is needed: its own `connect` would do so at once, and a server may admit a single session. */
type WithClient = SftpClient & { client: Client }

/** Two lost packets are made good within this time. */
const silenceMs = 3000

function whileSilent(stream: Duplex, ms: number, act: () => void): void {
  const timer = setTimeout(act, ms)
  for (const event of ['data', 'error', 'close']) stream.once(event, () => clearTimeout(timer))
}

function noAnswer(ms: number): Error {
  return new Error(`no answer within ${ms / 1000} s`)
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
  const timedOut = error.level === 'client-timeout' || error.code === 'ETIMEDOUT'
  return {
    kind: 'unreachable',
    host: host.name,
    address,
    detail: timedOut ? noAnswer(settings.connectTimeoutMs).message : detail,
  }
}
