import { setTimeout as pause } from 'node:timers/promises'
import type { Client, ClientChannel, SFTPWrapper } from 'ssh2'
import { Failed } from '../../model/failure.ts'
import type { Host } from '../../model/host.ts'
import { abortError } from './abort.ts'
import type { ChannelGate } from './channel-gate.ts'

export type Channel = ClientChannel | SFTPWrapper

/** How a client is asked for a channel: by `exec`, or by `sftp`. */
export type Ask<C extends Channel> = (answer: (error: Error | undefined, channel: C) => void) => void

export interface Opened<C, T> {
  channel: C
  outcome: Promise<T>
  /** Gives up its place, which the channel has until the server closes it. */
  leave(): void
}

/**
 * Opens a channel and puts it to use, unless the signal is aborted before that. What the server refuses did nothing, and
 * is asked again: soon, for a session that has just ended may still be counted, and then whenever one of ours has ended.
 */
export async function openChannel<C extends Channel, T>(
  host: Host,
  gate: ChannelGate,
  ask: Ask<C>,
  use: (channel: C) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<Opened<C, T>> {
  await gate.enter()
  try {
    for (let wait = 10; ; wait *= 2) {
      if (signal?.aborted) throw abortError(signal)
      const tried = await tryToOpen(gate, ask, use, signal).catch((error: Error) => ({ error }))
      if ('channel' in tried) return tried
      if (!isRefusal(tried.error)) throw withoutChannel(host, tried.error)
      if (wait > 1000) throw tooManySessions(host, tried.error)
      await pause(wait)
      if (wait > 100 && gate.isShared) {
        await gate.giveWay()
        wait = 5
      }
    }
  } catch (error) {
    gate.leave()
    throw error
  }
}

/** The channel is put to use within ssh2's own callback: a short command's exit comes in the same turn, and only once. */
function tryToOpen<C extends Channel, T>(
  gate: ChannelGate,
  ask: Ask<C>,
  use: (channel: C) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<Opened<C, T>> {
  return new Promise((resolve, reject) =>
    ask((error, channel) => {
      if (error) return reject(error)
      let isIn = true
      const leave = () => {
        if (isIn) gate.leave()
        isIn = false
      }
      channel.once('close', leave).on('error', () => {})
      const outcome = signal?.aborted ? Promise.reject<T>(abortError(signal)) : use(channel)
      // Whoever waits for it gets the rejection; nobody does where the connection was lost meanwhile.
      outcome.catch(() => {})
      resolve({ channel, outcome, leave })
    }),
  )
}

/** A server's answer has a reason; without one, it was not asked. */
function isRefusal(error: Error): boolean {
  return 'reason' in error
}

function tooManySessions(host: Host, { message }: Error): Failed {
  return new Failed({
    kind: 'refused',
    problem: `${host.name} refuses to run another command on this connection: ${message}.`,
    advice: 'Raise MaxSessions in its sshd_config (10 is the default), or see its log.',
  })
}

function withoutChannel(host: Host, { message }: Error): Failed {
  if (/subsystem|SFTP/.test(message))
    return new Failed({
      kind: 'refused',
      problem: `${host.name} offers no SFTP: ${message}.`,
      advice: 'Enable it in its sshd_config: `Subsystem sftp internal-sftp`.',
    })
  return new Failed({ kind: 'connection-lost', host: host.name })
}

/** A command that is given up is ended as well; servers older than OpenSSH 7.9 only see its channel close. */
export function closeCommand(client: Client, channel: ClientChannel, signal: AbortSignal | undefined): void {
  try {
    if (signal?.aborted) terminate(client, channel)
    channel.close()
  } catch {
    // The connection is gone, and the channel with it.
  }
}

/** What `channel.signal('TERM')` does only as long as the command's input has not ended. */
function terminate(client: Client, channel: ClientChannel): void {
  const { _protocol } = client as unknown as { _protocol: { signal(channel: number, name: string): void } }
  const { outgoing } = channel as unknown as { outgoing: { id: number; state: string } }
  if (outgoing.state !== 'closed') _protocol.signal(outgoing.id, 'TERM')
}
