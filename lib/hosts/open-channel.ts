import { setTimeout as pause } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import { Failed } from '../model/failure.ts'
import type { Host } from '../model/host.ts'

/** sshd may still count a session that has just ended: what it refuses, which did nothing, is asked again. */
export async function openChannel<T>(
  host: Host,
  client: Client,
  line: string,
  use: (channel: ClientChannel) => Promise<T>,
): Promise<Opened<T>> {
  for (let wait = 10; ; wait *= 2) {
    try {
      return await tryToOpenChannel(client, line, use)
    } catch (error) {
      if (!isOpenFailure(error)) throw new Failed({ kind: 'connection-lost', host: host.name })
      if (wait > 1000)
        throw new Failed({
          kind: 'refused',
          problem: `${host.name} refuses to run another command on this connection: ${error.message}.`,
          advice: 'Raise MaxSessions in its sshd_config (10 is the default), or see its log.',
        })
      await pause(wait)
    }
  }
}

/** A server's answer has a reason; without one, it was not asked. */
function isOpenFailure(error: unknown): error is Error {
  return error instanceof Error && 'reason' in error
}

export interface Opened<T> {
  channel: ClientChannel
  outcome: Promise<T>
}

/** The channel is put to use within ssh2's own callback: a short command's exit comes in the same turn, and only once. */
function tryToOpenChannel<T>(
  client: Client,
  line: string,
  use: (channel: ClientChannel) => Promise<T>,
): Promise<Opened<T>> {
  return new Promise((resolve, reject) =>
    client.exec(line, (error, channel) => {
      if (error) return reject(error)
      const outcome = use(channel)
      // Whoever waits for it gets the rejection; nobody does where the connection was lost meanwhile.
      outcome.catch(() => {})
      resolve({ channel, outcome })
    }),
  )
}

/** A command that is given up is ended as well; servers older than OpenSSH 7.9 only see its channel close. */
export function closeChannel(channel: ClientChannel, signal: AbortSignal | undefined): void {
  channel.on('error', () => {})
  try {
    if (signal?.aborted) channel.signal('TERM')
    channel.close()
  } catch {
    // The connection is gone, and the channel with it.
  }
}
