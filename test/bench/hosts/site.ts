import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { introduce, sshdConfig } from './acquaintance.ts'
import type { Network } from './networks.ts'

/** Hosts with an sshd each, which live as long as the world that they are in. */
export interface Site {
  /** Makes all hosts as they were at first. */
  wipe(): void
  /** Where a folder of a host is here. */
  find(host: string, folder: string): string
}

/** What a host has for itself; the rest of this machine it shares. */
const own = ['/var/lib', '/srv', userInfo().homedir]

/** Puts folders of the host in the place of what is its own, and starts sshd there. */
const start = `set -e
folder=$1 config=$2
shift 2
for place in "$@"; do mount --bind "$folder$place" "$place"; done
exec /usr/sbin/sshd -D -e -f "$config"
`

export async function startSite(hosts: string[], network: Network, folder: string): Promise<Site> {
  const places = hosts.flatMap((host) => own.map((place) => join(folder, host, place)))
  for (const place of places) mkdirSync(place, { recursive: true })
  introduce(hosts.map((name, number) => ({ name, address: network.addressOf(number) })))
  const daemons = hosts.map((host, number) => {
    const [command = '', ...args] = [...network.at(number), 'unshare', '--mount', 'sh', '-c', start, 'sh']
    const daemon = spawn(command, [...args, join(folder, host), sshdConfig(host), ...own], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    daemon.unref()
    return daemon
  })
  for (const [number, daemon] of daemons.entries()) await answers(daemon, network.addressOf(number))
  return {
    wipe() {
      for (const place of places)
        for (const entry of readdirSync(place)) rmSync(join(place, entry), { recursive: true })
    },
    find: (host, path) => join(folder, host, path),
  }
}

async function answers(daemon: ChildProcess, address: string): Promise<void> {
  while (!(await accepts(address))) {
    if (daemon.exitCode !== null) throw new Error(`The sshd at ${address} has ended: see above.`)
    await pause(25)
  }
}

function accepts(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(22, address)
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
