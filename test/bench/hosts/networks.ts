import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What connects us to hosts, which are numbered from 0. */
export interface Network {
  addressOf(host: number): string
  /** What starts a program on a host. */
  at(host: number): string[]
  /** How many went over it so far, in both directions. */
  bytes(): number
}

export function loopback(): Network {
  ip('link set lo up')
  return {
    addressOf: (host) => addressIn('127.1', host),
    at: () => [],
    bytes: () => bytesOf('lo').sent,
  }
}

/** A link of 100 Mbit/s, with a bridge at its other end to which every host is connected. */
export function link(hosts: number): Network {
  ip('link set lo up')
  ip('netns add site')
  ip('-n site link add bridge type bridge')
  ip('-n site link set bridge up')
  ip('link add operator type veth peer name uplink netns site')
  ip('-n site link set uplink master bridge up')
  ip('address add 10.1.255.254/16 dev operator')
  ip('link set operator up')
  const shape = 'root tbf rate 100mbit burst 128kb latency 50ms'
  run('tc', `qdisc add dev operator ${shape}`)
  run('tc', `-n site qdisc add dev uplink ${shape}`)
  for (let host = 0; host < hosts; host++) {
    const name = `host-${host}`
    ip(`netns add ${name}`)
    ip(`-n site link add ${name} type veth peer name eth0 netns ${name}`)
    ip(`-n site link set ${name} master bridge up`)
    ip(`-n ${name} address add ${addressIn('10.1', host)}/16 dev eth0`)
    ip(`-n ${name} link set eth0 up`)
    ip(`-n ${name} link set lo up`)
  }
  return {
    addressOf: (host) => addressIn('10.1', host),
    at: (host) => ['ip', 'netns', 'exec', `host-${host}`],
    bytes() {
      const { sent, received } = bytesOf('operator')
      return sent + received
    },
  }
}

function addressIn(network: string, host: number): string {
  return `${network}.${Math.floor(host / 250)}.${(host % 250) + 1}`
}

function bytesOf(device: string): { sent: number; received: number } {
  const line = readFileSync('/proc/self/net/dev', 'utf8')
    .split('\n')
    .find((line) => line.trim().startsWith(`${device}:`))!
  const [received, , , , , , , , sent] = line.split(':')[1]!.trim().split(/\s+/).map(Number)
  return { sent: sent!, received: received! }
}

const ip = (args: string) => run('ip', args)

function run(program: string, args: string): void {
  execFileSync(program, args.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] })
}
