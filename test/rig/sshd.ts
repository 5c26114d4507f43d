import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Cluster } from '../../lib/model/cluster.ts'
import type { Host } from '../../lib/model/host.ts'

const run = promisify(execFile)

/** A real sshd on a loopback port, with keys of its own, that admits who runs the tests. Its host has a folder as root. */
export interface Sshd {
  /** Holds `client_key`, `known_hosts`, `host_key`, … */
  folder: string
  host: Host
  cluster: Cluster
  port: number
  /** Commands that were run, by SFTP and by exec. */
  commands(): string[]
  /** All that sshd has logged. */
  log(): string
  /** Kills what serves the connections that stand: both sides see them break. */
  dropConnections(): Promise<void>
  /** Stops the processes that serve SFTP now, while their connections live on. */
  freezeSftp(): void
  /** Stops what serves the connections that stand: nobody at the other end is told. New ones are served. */
  freezeConnections(): Promise<void>
  stop(): Promise<void>
}

/** @param under a command that starts it in its turn */
export async function startSshd(settings: string[] = [], under: string[] = []): Promise<Sshd> {
  const folder = await mkdtemp(join(tmpdir(), 'sshd-'))
  const root = join(folder, 'root')
  await mkdir(root)
  const port = await freePort()
  await makeKeys(folder, port)
  const config = join(folder, 'sshd_config')
  await writeFile(config, configuration(folder, port, settings))
  const [command = '', ...args] = [...under, '/usr/sbin/sshd', '-D', '-e', '-f', config]
  const daemon = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  daemon.stderr.on('data', (chunk) => (log += chunk))
  await answers(daemon, port, () => log)
  const host: Host = {
    name: 'host-1',
    role: 'hosts',
    address: '127.0.0.1',
    port,
    root,
    user: userInfo().username,
  }
  /** They may outlive what started them. */
  const frozen: number[] = []
  const freeze = (pid: number) => {
    kill(pid, 'SIGSTOP')
    frozen.push(pid)
  }
  return {
    folder,
    host,
    port,
    cluster: {
      name: 'test',
      hosts: { hosts: [host] },
      ssh: {
        identity: join(folder, 'client_key'),
        knownHosts: join(folder, 'known_hosts'),
        standalone: true,
      },
      config: {},
    },
    log: () => log,
    commands: () => log.split('\n').filter((line) => line.startsWith('Starting session:')),
    dropConnections: async () => {
      for (const pid of descendants(daemon.pid as number)) kill(pid)
    },
    freezeSftp() {
      for (const pid of descendants(daemon.pid as number))
        if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('internal-sftp')) freeze(pid)
    },
    freezeConnections: async () => descendants(daemon.pid as number).forEach(freeze),
    async stop() {
      const ended = new Promise((done) => daemon.once('exit', done))
      for (const pid of [...descendants(daemon.pid as number), ...frozen]) kill(pid)
      daemon.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function makeKeys(folder: string, port: number): Promise<void> {
  const make = (name: string) =>
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)])
  await Promise.all([make('host_key'), make('client_key')])
  const [hostKey, clientKey] = await Promise.all(
    ['host_key.pub', 'client_key.pub'].map((name) => readFile(join(folder, name), 'utf8')),
  )
  await writeFile(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${hostKey}`)
  await writeFile(join(folder, 'authorized_keys'), clientKey as string)
}

function configuration(folder: string, port: number, settings: string[]): string {
  return [
    ...settings,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/sshd.pid`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'LogLevel VERBOSE',
    ...(settings.some((line) => line.startsWith('Subsystem')) ? [] : ['Subsystem sftp internal-sftp']),
    '',
  ].join('\n')
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

async function answers(daemon: ChildProcess, port: number, log: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (daemon.exitCode !== null) break
    if (await accepts(port)) return
    await pause(25)
  }
  throw new Error(`sshd does not answer:\n${log()}`)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

/** The processes of sshd itself that serve connections: its children, and theirs where it separates privileges. */
function descendants(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const [, pid, command, ppid] = /^(\d+) \((.*)\) \S (\d+)/s.exec(statOf(name)) ?? []
    if (Number(ppid) !== parent || !command?.startsWith('sshd')) return []
    return [...descendants(Number(pid)), Number(pid)]
  })
}

/** Empty for what is no process, or none any more. */
function statOf(name: string): string {
  try {
    return readFileSync(`/proc/${name}/stat`, 'utf8')
  } catch {
    return ''
  }
}

function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
