import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { docker } from '../docker.ts'
import { makeKey } from './keys.ts'
import { ownedByUs } from './leftovers.ts'

/** A program that runs on a host from its boot on. */
export interface Service {
  name: string
  argv: string[]
  env?: Record<string, string>
}

export interface HostPlan {
  /** A folder whose tree is laid over the host's root. The rig adds keys and the boot script to it. */
  tree: string
  services: Service[]
}

export interface Container {
  address: string
  /** The host key, as known_hosts has it. */
  hostKey: string
  exec(argv: string[], user?: string): Promise<string>
  /** Its first process, as this machine knows it. */
  pid(): Promise<number>
  powerOff(): Promise<void>
  powerOn(): Promise<void>
  /** Puts a new one in its place: nothing is left but its name, its address and its host key. */
  recreate(): Promise<void>
  remove(): Promise<void>
}

/** The tree is laid over by tar, which leaves the owner and mode of folders that the host has already as they are. */
const boot = `
  if [ ! -e /etc/rc.local ]; then
    tar -c -C /mnt . | tar -x -C / --no-overwrite-dir --keep-directory-symlink --no-same-owner
  fi
  mkdir -p /run/sshd
  /etc/rc.local
  exec /usr/sbin/sshd -D -e
`

/** A Debian host in a container: its own address, its own files, and sshd, which admits `clientKey` only. */
export async function startContainer(
  name: string,
  place: { image: string; network: string; address: string },
  plan: HostPlan,
  clientKey: string,
): Promise<Container> {
  const hostKey = await addKeysAndBootScript(plan, clientKey)
  const owner = await ownedByUs()
  const create = async () => {
    await docker(
      ...['run', '--detach', '--init', '--name', name, '--hostname', name.split('.').at(-1)!],
      ...owner,
      ...['--network', place.network, '--ip', place.address, '--tmpfs', '/run:exec'],
      ...['--volume', `${plan.tree}:/mnt:ro`, '--volume', `${process.execPath}:/usr/local/bin/node:ro`],
      ...[place.image, 'sh', '-euc', boot],
    )
    await sshdAnswers(place.address)
  }
  const remove = async () => void (await docker('rm', '--force', '--volumes', name))
  await create()
  return {
    address: place.address,
    hostKey,
    exec: async (argv, user = 'root') => docker('exec', '--user', user, name, ...argv),
    pid: async () => Number(await docker('inspect', '--format', '{{.State.Pid}}', name)),
    powerOff: async () => void (await docker('kill', name)),
    powerOn: async () => {
      await docker('start', name)
      await sshdAnswers(place.address)
    },
    recreate: async () => {
      await remove()
      await create()
    },
    remove,
  }
}

async function addKeysAndBootScript({ tree, services }: HostPlan, clientKey: string): Promise<string> {
  await mkdir(join(tree, 'etc/ssh/sshd_config.d'), { recursive: true })
  const hostKey = await makeKey(join(tree, 'etc/ssh/ssh_host_ed25519_key'))
  await writeFile(join(tree, 'etc/ssh/authorized_keys'), `${clientKey}\n`)
  const settings = 'AuthorizedKeysFile /etc/ssh/authorized_keys\nPasswordAuthentication no\n'
  await writeFile(join(tree, 'etc/ssh/sshd_config.d/test.conf'), settings)
  const script = join(tree, 'etc/rc.local')
  await writeFile(script, ['#!/bin/sh', ...services.map(startLine), ''].join('\n'))
  await chmod(script, 0o755)
  return hostKey
}

function startLine({ name, argv, env = {} }: Service): string {
  const words = [...Object.entries(env).map(([key, value]) => `${key}=${value}`), ...argv].map(quoted)
  return `setsid env ${words.join(' ')} </dev/null >>/var/log/${name}.log 2>&1 &`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

async function sshdAnswers(address: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await accepts(address, 22))) {
    if (Date.now() > deadline) throw new Error(`sshd at ${address} did not answer within 30 s`)
    await pause(50)
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 })
    const answer = (accepted: boolean) => () => {
      socket.destroy()
      resolve(accepted)
    }
    socket.on('connect', answer(true)).on('error', answer(false)).on('timeout', answer(false))
  })
}

/** Fails early, and says why, where this machine's Node cannot run in the image (it is lent to the hosts). */
export async function nodeRunsIn(image: string): Promise<void> {
  const probe = ['run', '--rm', '--volume', `${process.execPath}:/usr/local/bin/node:ro`, image, 'node', '-v']
  await promisify(execFile)('docker', probe).catch((error) => {
    throw new Error(`${process.execPath}, lent to the test hosts, does not run there: ${error.stderr}`)
  })
}
