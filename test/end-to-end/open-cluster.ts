import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SandboxFacts } from '../../lib/index.ts'
import { sandbox } from '../../tasks/sandbox/index.ts'
import { siteMirror, sitePackages } from '../rig/base-image.ts'
import type { TestCluster } from '../rig/cluster/cluster.ts'
import { startCluster } from '../rig/cluster/cluster.ts'
import { removeEggCaches } from '../rig/eggs-in-docker.ts'
import { makeBuilderImage } from './builder-image.ts'
import type { Deployment } from './deployment.ts'
import { copyWorkspace } from './workspace-copy.ts'

type ClusterFile = Record<string, any>

export interface OpenCluster extends Deployment, TestCluster {
  /** Writes another cluster file, which differs from the cluster's as said; gives its path. */
  clusterFile(change: (cluster: ClusterFile) => ClusterFile): Promise<string>
}

/** What packages of Debian's own bring, or those that install them, has no stand-in here. */
const ofPackages = ['apt-get', 'dpkg', 'dpkg-query', 'unzip', 'zip']

/** What sysvinit does at boot, for what was deployed. */
const initScripts = {
  name: 'init-scripts',
  argv: ['sh', '-c', 'for script in /etc/rc2.d/S*aurora-*; do [ ! -x "$script" ] || "$script" start; done'],
}

/** A fresh clone with a cluster file, and the five hosts that it names: miniature Mesos nodes with a real sshd. */
export async function openCluster(): Promise<OpenCluster> {
  const { root, remove } = await copyWorkspace()
  const builder = await makeBuilderImage()
  const facts: SandboxFacts = { root, folder: join(root, '.cache/test-releases'), ports: {} }
  await sandbox.prepare?.(facts)
  const cluster = await startCluster({
    async furnish({ name, tree, address, master }) {
      const role = name === 'master' ? 'master' : 'slaves'
      const host = { name, role, address, root: tree }
      await sandbox.furnish(host, facts)
      await cp(sandbox.standIns, join(tree, 'usr/local/bin'), { recursive: true })
      for (const program of ofPackages) await rm(join(tree, 'usr/local/bin', program))
      await mkdir(join(tree, 'etc/apt'), { recursive: true })
      await writeFile(join(tree, 'etc/apt/sources.list'), `${siteMirror}\n`)
      // These hosts are what they say they are already.
      await rm(join(tree, 'etc/os-release'), { force: true })
      await writeFile(join(tree, 'etc/mesos/zk'), `zk://${master}:2181/mesos\n`)
      return [...sandbox.services({ ...host, root: '' }, facts), initScripts]
    },
    async config() {
      const { mesos, aurora, downloads } = (await sandbox.config(facts)) as ClusterFile
      return {
        mesos: { ...mesos, platform: 'debian-12', builder: 'docker', image: builder.name },
        aurora: { ...aurora, packages: sitePackages },
        downloads: { ship: downloads.ship, maven: downloads.maven },
      }
    },
  })
  let files = 0
  return {
    ...cluster,
    root,
    options: ['--cluster', cluster.file],
    shell: (host, command) => cluster.exec(host, ['bash', '-euc', `ROOT=; ${command}`]),
    async clusterFile(change) {
      const changed = change(JSON.parse(await readFile(cluster.file, 'utf8')))
      const file = join(cluster.folder, `changed-${++files}.yml`)
      await writeFile(file, JSON.stringify(changed, null, 2))
      return file
    },
    async close() {
      await cluster.stop()
      await removeEggCaches(root)
      await builder.remove()
      await remove()
    },
  }
}
