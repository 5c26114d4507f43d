import type { Client, ClientChannel, SFTPWrapper } from 'ssh2'
import { Failed } from '../../model/failure.ts'
import type { Host } from '../../model/host.ts'
import { abortError } from './abort.ts'
import { ChannelGate } from './channel-gate.ts'
import { inTurn } from './in-turn.ts'
import type { Ask, Channel } from './open-channel.ts'
import { closeCommand, openChannel } from './open-channel.ts'

/**
 * One SSH connection. Whatever is under way when it is lost, or when the signal given with it is aborted, is rejected:
 * ssh2 itself would leave most of it waiting for ever.
 */
export interface Connection {
  readonly host: Host
  readonly user: string
  /** Whether more may be asked of it: it stands, and no command that was given up still counts as one of its sessions. */
  readonly usable: boolean
  /** Runs a command line and gives its channel, which is closed when `use` is done. */
  command<T>(line: string, use: (channel: ClientChannel) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** One at a time. */
  sftp<T>(use: (sftp: SFTPWrapper) => Promise<T>, signal?: AbortSignal): Promise<T>
  close(): Promise<void>
}

/** Wraps a client that is connected. */
export function connectionOf(host: Host, user: string, client: Client): Connection {
  const gate = new ChannelGate()
  const givenUp = new Set<Channel>()
  const transfer = inTurn()
  const { guard, lose, isLost } = guardOf(host)
  client.on('close', lose).on('end', lose).on('error', lose)

  /** Opens a channel that is closed in any case, also when it opens after it was given up. */
  async function through<C extends Channel, T>(
    ask: Ask<C>,
    use: (channel: C) => Promise<T>,
    close: (channel: C) => void,
    signal?: AbortSignal,
  ): Promise<T> {
    const { channel, outcome, leave } = await openChannel(host, gate, ask, use, signal)
    try {
      return await guard(outcome, signal)
    } catch (error) {
      givenUp.add(channel)
      channel.once('close', () => givenUp.delete(channel))
      leave()
      throw error
    } finally {
      close(channel)
    }
  }

  return {
    host,
    user,
    get usable() {
      return !isLost() && givenUp.size === 0
    },
    command(line, use, signal) {
      const ask: Ask<ClientChannel> = (answer) => client.exec(line, answer)
      return guard(
        through(ask, use, (channel) => closeCommand(client, channel, signal), signal),
        signal,
      )
    },
    sftp(use, signal) {
      const ask: Ask<SFTPWrapper> = (answer) => client.sftp(answer)
      return guard(
        transfer(() => through(ask, use, (sftp) => sftp.end(), signal)),
        signal,
      )
    },
    async close() {
      const closed = isLost() || new Promise<void>((resolve) => client.once('close', () => resolve()))
      lose()
      client.end()
      await Promise.race([closed, unrefTimeout(2000)])
      client.destroy()
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
