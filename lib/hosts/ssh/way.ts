import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { SshSettings } from './ssh-settings.ts'

/** What an SSH connection is spoken over. */
export interface Way {
  stream: Duplex
  /** @returns what the command in between said on stderr */
  end(): Promise<string>
}

export function openWay({ proxy, address, port }: SshSettings): Way {
  return proxy ? throughCommand(proxy) : straight(address, port)
}

/** Nagle's algorithm makes every small write wait for an acknowledgement: handshakes take three times as long, transfers tens. */
function straight(address: string, port: number): Way {
  const stream = connect({ host: address, port, noDelay: true })
  const end = async () => {
    stream.destroy()
    return ''
  }
  return { stream, end }
}

/** A command whose stdin and stdout are the way to the host. */
function throughCommand([command = '', ...args]: string[]): Way {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk).slice(-2000)))
  const closed = new Promise((resolve) => child.once('close', resolve))
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
  child.on('error', (error) => {
    said ||= error.message
    stream.destroy()
  })
  let hasSpoken = false
  stream.once('data', () => (hasSpoken = true))
  stream.on('close', () => {
    if (hasSpoken) child.kill()
  })
  const end = async () => {
    // One that has merely closed its stdout may be about to say why.
    if (!hasSpoken) await Promise.race([closed, pause(500, undefined, { ref: false })])
    child.kill()
    await Promise.race([closed, pause(1000, undefined, { ref: false })])
    return said.trim()
  }
  return { stream, end }
}
