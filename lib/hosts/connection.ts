import pLimit from 'p-limit'
import type { ClientChannel, SFTPWrapper } from 'ssh2'
import type SftpClient from 'ssh2-sftp-client'
import { Failed } from '../model/failure.ts'
import type { Host } from '../model/host.ts'
import { abortError } from './abort.ts'
import { inTurn } from './in-turn.ts'
import { closeChannel, openChannel } from './open-channel.ts'

/**
 * One SSH connection. Whatever is under way when it is lost, or when the signal given with it is aborted, is rejected:
 * ssh2 itself would leave most of it waiting for ever.
 */
export interface Connection {
  readonly host: Host
  readonly user: string
  readonly lost: boolean
  /** Runs a command line and gives its channel, which is closed when `use` is done. */
  command<T>(line: string, use: (channel: ClientChannel) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** One at a time. */
  sftp<T>(use: (sftp: SFTPWrapper) => Promise<T>, signal?: AbortSignal): Promise<T>
  close(): Promise<void>
}

/** The client and ssh2's own, which the types do not show. */
export type Client = SftpClient & { client: import('ssh2').Client }

/** sshd admits ten sessions on a connection by default (MaxSessions), and SFTP has one. */
const commandsAtATime = 8

/** Wraps a client that is connected. */
export function connectionOf(host: Host, user: string, client: Client, sftp: SFTPWrapper): Connection {
  const commands = pLimit(commandsAtATime)
  const transfer = inTurn()
  const { guard, lose, isLost } = guardOf(host)
  client.client.on('close', lose)
  client.client.on('end', lose)
  client.client.on('error', lose)
  sftp.on('error', () => {})

  return {
    host,
    user,
    get lost() {
      return isLost()
    },
    command: (line, use, signal) =>
      guard(
        commands(async () => {
          const { channel, outcome } = await guard(openChannel(host, client.client, line, use), signal)
          try {
            return await guard(outcome, signal)
          } finally {
            closeChannel(channel, signal)
          }
        }),
        signal,
      ),
    sftp: (use, signal) =>
      guard(
        transfer(() => guard(use(sftp), signal)),
        signal,
      ),
    async close() {
      lose()
      await Promise.race([client.end().catch(() => {}), unrefTimeout(2000)])
      client.client.destroy()
    },
  }
}

/** Rejects what it guards when the connection is lost or the signal aborted. */
function guardOf(host: Host) {
  const waiting = new Set<() => void>()
  let lost = false

  const guard = <T>(work: Promise<T>, signal?: AbortSignal): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const onLost = () => reject(new Failed({ kind: 'connection-lost', host: host.name }))
      const onAbort = () => reject(abortError(signal as AbortSignal))
      const release = () => {
        waiting.delete(onLost)
        signal?.removeEventListener('abort', onAbort)
      }
      waiting.add(onLost)
      signal?.addEventListener('abort', onAbort)
      if (lost) onLost()
      if (signal?.aborted) onAbort()
      work.then(resolve, reject).finally(release)
    })

  const lose = () => {
    lost = true
    for (const reject of [...waiting]) reject()
  }
  return { guard, lose, isLost: () => lost }
}

function unrefTimeout(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
