import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { atReadersPace } from '../local/readers-pace.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Fleet } from '../model/host-session.ts'
import { UsageError } from '../model/problem.ts'
import type { Task } from '../model/task.ts'
import type { Context } from './command.ts'
import { configSchema } from './config-schema.ts'
import { complain } from './output.ts'

export interface Chosen {
  cluster: Cluster
  fleet: Fleet
  /** What nobody is to see. */
  secrets: string[]
  close(): Promise<void>
}

/**
 * The cluster that a command works on: `--cluster FILE`, hosts given by role (the rest as `cluster.yml` says, where there is
 * one), `cluster.yml`, else the sandbox.
 * Tasks that stay on this machine and ask for no configuration need none.
 * @param looking nothing may be made or started
 */
export async function chooseCluster(context: Context, tasks: Task[], looking: boolean): Promise<Chosen> {
  refuseContradictions(context)
  const remote = tasks.some((task) => task.on)
  const cluster = await givenCluster(context, remote)
  if (cluster && !remote) return reachable(cluster)
  if (cluster) {
    const { sudoPassword } = await import('./sudo-password.ts')
    return reachable(cluster, await sudoPassword(context, cluster))
  }
  complain('No cluster file: this is the sandbox, a cluster in .cache/sandbox.\n')
  const { openSandbox } = await import('../sandbox/sandbox.ts')
  const { root, options } = context
  return { ...(await openSandbox({ root, options: options.sandbox!, looking })), secrets: [] }
}

/** Undefined: the sandbox. */
async function givenCluster(context: Context, remote: boolean): Promise<Cluster | undefined> {
  const { root, common, options, hosts } = context
  const { roles = {}, config, sandbox } = options
  const byRole = Object.keys(hosts).length > 0
  const file = byRole ? undefined : (common.cluster ?? existing(join(root, 'cluster.yml')))

  if (file !== undefined && (remote || config || Object.keys(roles).length > 0)) {
    const { readClusterFile } = await import('../hosts/cluster/cluster-file.ts')
    const schema = await configSchema(options)
    return readClusterFile(resolve(file), { roles, schema })
  }
  if (byRole) {
    const { clusterFromFlags, readClusterFile } = await import('../hosts/cluster/cluster-file.ts')
    const schema = await configSchema(options)
    const usual = existing(join(root, 'cluster.yml'))
    if (usual === undefined) return clusterFromFlags(hosts, { roles, schema, user: common.user })
    const rest = await readClusterFile(usual, { roles, schema })
    return { ...rest, hosts: clusterFromFlags(hosts, { roles, user: common.user }).hosts }
  }
  if (!remote && !config) return nowhere
  if (!sandbox) {
    if (remote) throw noCluster(roles)
    const { clusterFromFlags } = await import('../hosts/cluster/cluster-file.ts')
    return clusterFromFlags({}, { roles: {}, schema: await configSchema(options) })
  }
  return undefined
}

const nowhere: Cluster = { name: '', hosts: {}, ssh: {}, config: {} }

/** What talks to hosts is loaded when the first one is asked: tasks that stay here never need it. */
function reachable(cluster: Cluster, sudoPassword?: string): Chosen {
  let opened: Promise<Fleet> | undefined
  const open = async () => {
    const { openFleet } = await import('../hosts/fleet.ts')
    return openFleet(cluster, { pace: atReadersPace, sudoPassword })
  }
  const fleet: Fleet = {
    hosts: cluster.hosts,
    session: async (host) => (await (opened ??= open())).session(host),
    silence: async (host) => (await (opened ??= open())).silence?.(host),
    lease: async (host) => (await (opened ??= open())).lease(host),
    close: async () => (await opened)?.close(),
  }
  const secrets = sudoPassword === undefined ? [] : [sudoPassword]
  return { cluster, fleet, secrets, close: () => fleet.close() }
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined
}

function refuseContradictions({ common, hosts }: Context): void {
  const refuse = (option: string, problem: string) => {
    throw new UsageError({ kind: 'bad-option', option, problem })
  }
  const [role] = Object.keys(hosts)
  if (role !== undefined && common.cluster !== undefined)
    refuse(`--${role}`, 'names hosts, but `--cluster` names a file that does so too: give one of them')
  if (role === undefined && common.user !== undefined)
    refuse('--user', 'belongs to hosts that are named on the command line; a cluster file has its own `user`')
}

function noCluster(roles: Record<string, unknown>): UsageError {
  const flags = Object.keys(roles).map((role) => `--${role} HOST`)
  return new UsageError({
    kind: 'no-cluster',
    detail: 'These tasks run on a cluster, and none is given.',
    advice: `Write a cluster file (\`init\` helps)${flags.length > 0 ? `, or name the hosts: \`${flags.join(' ')}\`` : ''}.`,
  })
}
