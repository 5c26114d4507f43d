import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Container } from './container.ts'

/** What may befall a host. Each gives what heals it; none outlives the container. */
type Heal = () => Promise<void>

/** Packets to it are dropped: it seems dead, and nobody is told. */
export async function silence(host: Container): Promise<Heal> {
  const change = (action: string) =>
    within(host, ['--net'], ['iptables', '-w', action, 'INPUT', '-j', 'DROP'])
  await change('-I')
  return () => change('-D')
}

/** What it is sent comes at eight kilobytes a second. */
export async function slowDown(host: Container): Promise<Heal> {
  const device = await otherEnd(host)
  const change = (action: string, ...how: string[]) =>
    run('tc', ['qdisc', action, 'dev', device, 'root', ...how])
  await change('add', 'tbf', 'rate', '64kbit', 'burst', '10kb', 'latency', '1s')
  return () => change('del')
}

/** A folder is on a disk of its own, which is almost full. */
export async function fillUp(host: Container, folder: string): Promise<Heal> {
  await host.exec(['mkdir', '-p', folder])
  await within(host, itsDisks, ['mount', '-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder])
  return () => within(host, itsDisks, ['umount', '--lazy', folder])
}

/** `umount` looks itself up among the host's processes. */
const itsDisks = ['--mount', '--pid']

/** Runs a command with more rights than the host itself has. */
async function within(host: Container, namespaces: string[], argv: string[]): Promise<void> {
  await run('nsenter', ['--target', `${await host.pid()}`, ...namespaces, ...argv])
}

/** The network device of this machine that leads to the host and nowhere else. */
async function otherEnd(host: Container): Promise<string> {
  const index = await host.exec(['cat', '/sys/class/net/eth0/iflink'])
  for (const device of await readdir('/sys/class/net')) {
    const its = await readFile(`/sys/class/net/${device}/ifindex`, 'utf8').catch(() => '')
    if (its.trim() === index) return device
  }
  throw new Error(`no network device of this machine has the index ${index}`)
}

async function run(program: string, args: string[]): Promise<void> {
  await promisify(execFile)(program, args)
}
