import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Host, SandboxFacts } from '../../lib/index.ts'
import { mesosPort, portOf } from './ports.ts'
import { versions } from './versions.ts'

const libexec = '/usr/local/libexec/mesos'

/** File of node/ → where Mesosphere's packages have the real one. */
const programs: Record<string, string> = {
  'mesos-master': '/usr/local/sbin/mesos-master',
  'mesos-slave': '/usr/local/sbin/mesos-slave',
  'mesos-log': '/usr/local/bin/mesos-log',
  'mesos-init-wrapper': '/usr/bin/mesos-init-wrapper',
  'zkServer.sh': '/usr/share/zookeeper/bin/zkServer.sh',
}
const modules = [
  'executors.mjs',
  'flags.mjs',
  'json.mjs',
  'mesos-master.mjs',
  'mesos-slave.mjs',
  'session.mjs',
  'version.mjs',
  'zookeeper.mjs',
  'zookeeper-client.mjs',
]
const folders = ['/var/lib/mesos', '/var/log/mesos', '/var/run/thermos', '/var/lib/sandbox']

/**
 * Makes a host's folder a node of a Mesos cluster. The folder can be laid over the root of a host of its own:
 * /etc/mesos/zk must then be given the master's address, and PATH must lead to the stand-ins and to Node.
 */
export async function furnish(host: Host, facts: SandboxFacts): Promise<void> {
  for (const folder of folders) await mkdir(join(host.root, folder), { recursive: true })
  for (const [path, content] of Object.entries(settings(host, facts))) await put(host, path, `${content}\n`)
  for (const name of modules) await install(host, name, `${libexec}/${name}`, 0o644)
  for (const [name, path] of Object.entries(programs)) await install(host, name, path, 0o755)
}

/** All that is text: what Mesos is told, and what the host is. */
function settings(host: Host, facts: SandboxFacts): Record<string, string | number> {
  const kind = host.role === 'master' ? 'master' : 'slave'
  return {
    '/etc/os-release':
      'ID=sandbox\nVERSION_ID=1\nNAME="Sandbox"\nPRETTY_NAME="The sandbox of aurora-mesosphere"',
    // All hosts of a sandbox share one address.
    '/etc/mesos/zk': `zk://127.0.0.1:${portOf(facts, 'zookeeper')}/mesos`,
    [`/etc/mesos-${kind}/ip`]: host.address,
    [`/etc/mesos-${kind}/port`]: mesosPort(facts, host),
    [`/etc/mesos-${kind}/work_dir`]: '/var/lib/mesos',
    ...(kind === 'master' ? masterSettings(host, facts) : slaveSettings(host)),
    [`${libexec}/VERSION`]: versions.mesos,
    '/usr/local/lib/libmesos.so': 'This is no library: nothing in the miniature Mesos of a sandbox loads it.',
    '/var/lib/sandbox/packages': `mesos ${versions.mesos}-1.0.sandbox`,
  }
}

function masterSettings(host: Host, facts: SandboxFacts) {
  return {
    '/etc/mesos-master/quorum': 1,
    '/etc/zookeeper/conf/zoo.cfg': `clientPort=${portOf(facts, 'zookeeper')}\nclientPortAddress=${host.address}`,
  }
}

/** Without both attributes no slave would ever get a task from Aurora. */
function slaveSettings(host: Host) {
  return { '/etc/mesos-slave/attributes/host': host.name, '/etc/mesos-slave/attributes/rack': 'sandbox' }
}

async function put(host: Host, path: string, content: string): Promise<void> {
  const file = join(host.root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}

async function install(host: Host, name: string, path: string, mode: number): Promise<void> {
  const file = join(host.root, path)
  await mkdir(dirname(file), { recursive: true })
  await copyFile(fileURLToPath(new URL(`node/${name}`, import.meta.url)), file)
  await chmod(file, mode)
}
