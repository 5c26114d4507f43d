import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { AuthContext, Connection, PublicKeyAuthContext } from 'ssh2'
import ssh2 from 'ssh2'
import type { Confine } from './confine.ts'
import { confineTo } from './confine.ts'
import { letGo, serveCommand } from './exec-channel.ts'
import { serveSftp } from './sftp-channel.ts'

export interface HostServer {
  /** On 127.0.0.1. */
  port: number
  /** Stops listening and drops every connection. Commands that can do without one go on. */
  close(): Promise<void>
}

export interface ServedHost {
  /** Absolute path of the host's root folder: where commands start, and what SFTP does not leave. */
  root: string
  user: string
  /** The whole environment of its commands. */
  env: Record<string, string>
  /** Private key in OpenSSH's format. */
  hostKey: string
  /** Public key of the only client that is let in, `ssh-ed25519 AAAA…`. */
  clientKey: string
}

/** Lets one folder be a host: an SSH and SFTP server on a free port of loopback, as long as this process lives. */
export async function serveHost(host: ServedHost): Promise<HostServer> {
  const server = new ssh2.Server({ hostKeys: [host.hostKey] })
  const isAdmitted = admitOnly(host.user, host.clientKey)
  const confine = confineTo(host.root)
  server.on('connection', (client) => {
    client.on('authentication', (attempt) =>
      isAdmitted(attempt) ? attempt.accept() : attempt.reject(['publickey']),
    )
    serveSessions(client, host, confine)
    // A client that breaks off or talks nonsense is disconnected by ssh2; there is nobody to tell.
    client.on('error', () => {})
  })

  const sockets = new Set<Socket>()
  // With Nagle's algorithm a transfer is some seventy times slower; ssh2's own listener cannot switch it off.
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.unref())
    socket.once('close', () => sockets.delete(socket))
    server.injectSocket(socket)
  })
  return {
    port: await listen(listener),
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

// ssh2 would hold the process with a timer for each connection; on loopback a dead peer is seen at once.
ssh2.Server.KEEPALIVE_CLIENT_INTERVAL = -1

function listen(listener: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port))
    listener.unref()
  })
}

function serveSessions(client: Connection, host: ServedHost, confine: Confine): void {
  const open = new Set<() => void>()
  client.on('session', (accept) => {
    const session = accept()
    session.on('exec', (accept, _reject, { command }) => {
      const child = serveCommand(accept(), command, { cwd: host.root, env: host.env })
      const end = () => letGo(child)
      open.add(end)
      child.once('close', () => open.delete(end))
      session.on('signal', (_accept, _reject, { name }) => signalCommand(child.pid, name))
    })
    session.on('sftp', (accept) => {
      const sftp = accept()
      const end = serveSftp(sftp, confine)
      open.add(end)
      sftp.once('end', () => {
        end()
        open.delete(end)
        // OpenSSH's clients wait for the server to close the channel.
        sftp.end()
      })
    })
  })
  // A lost connection closes none of its channels.
  client.on('close', () => {
    for (const end of open) end()
  })
}

/** Without a signature a client only asks whether its key would do. */
function admitOnly(user: string, publicKey: string): (attempt: AuthContext) => boolean {
  const key = ssh2.utils.parseKey(publicKey)
  if (key instanceof Error) throw key
  const isSigned = ({ signature, blob, hashAlgo }: PublicKeyAuthContext) =>
    !signature || (blob !== undefined && key.verify(blob, signature, hashAlgo) === true)
  return (attempt) =>
    attempt.method === 'publickey' &&
    attempt.username === user &&
    attempt.key.data.equals(key.getPublicSSH()) &&
    isSigned(attempt)
}

/** To the command's whole process group, as sshd does. A signal that this system does not know is not sent. */
function signalCommand(pid: number | undefined, name: string): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, `SIG${name}`)
  } catch (error) {
    if (!['ESRCH', 'ERR_UNKNOWN_SIGNAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
