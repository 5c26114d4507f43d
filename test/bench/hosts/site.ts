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

/** What a host has for itself, on one file system. */
const own = ['/var/lib', '/srv', '/tmp', userInfo().homedir]

/** Lends the host the rest of this machine, and starts sshd there. */
const start = `set -e
root=$1 config=$2
mount --bind "$root" "$root"
for place in /bin /dev /etc /lib* /proc /run /sbin /sys /usr; do
  mkdir "$root$place"
  mount --rbind "$place" "$root$place"
done
exec chroot "$root" /usr/sbin/sshd -D -e -f "$config"
`

export async function startSite(hosts: string[], network: Network, folder: string): Promise<Site> {
  const places = hosts.flatMap((host) => own.map((place) => join(folder, host, place)))
  for (const place of places) mkdirSync(place, { recursive: true })
  introduce(hosts.map((name, number) => ({ name, address: network.addressOf(number) })))
  const daemons = hosts.map((host, number) => {
    const [command = '', ...args] = [...network.at(number), 'unshare', '--mount', 'sh', '-c', start, 'sh']
    const daemon = spawn(command, [...args, join(folder, host), sshdConfig(host)], {
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
