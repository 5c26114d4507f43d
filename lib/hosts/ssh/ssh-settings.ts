import { homedir, hostname, userInfo } from 'node:os'
import type { SshOptions } from '../../model/cluster.ts'
import type { Host } from '../../model/host.ts'
import { UsageError } from '../../model/problem.ts'
import { expandHome } from './home-path.ts'
import type { OpenSshConfig } from './openssh.ts'
import { askOpenSsh } from './openssh.ts'

/** How to reach one host and whom to trust there. Paths are absolute; files may not exist. */
export interface SshSettings {
  address: string
  port: number
  user: string
  /** The name that known_hosts has the host under, when that is not its address. */
  hostKeyAlias?: string
  /** New keys are accepted into the first. */
  knownHosts: string[]
  identities: string[]
  /** Keys of the agent that are none of `identities` are not tried. */
  identitiesOnly: boolean
  /** Socket of an SSH agent. */
  agent?: string
  /** A command whose stdin and stdout are the connection. */
  proxy?: string[]
  /** What all have in common that are reached the same way: an address, a jump host, a command for many hosts. */
  door: string
  /** Until the host says its first word. */
  answerTimeoutMs: number
  /** Until we are logged in. */
  connectTimeoutMs: number
}

/**
 * The operator's OpenSSH configuration for a host, with what the cluster file says put on top.
 * @param openssh further arguments of `ssh`, such as `-F FILE`
 */
export async function sshSettings(host: Host, ssh: SshOptions, openssh: string[] = []): Promise<SshSettings> {
  if (ssh.standalone) return standaloneSettings(host, ssh)
  const given = [
    ...openssh,
    ...(host.user ? ['-l', host.user] : []),
    ...(host.port ? ['-p', `${host.port}`] : []),
  ]
  const config = await askOpenSsh(host.name, host.address, given)
  refuseCertificates(host, config)
  const address = one(config, 'hostname') ?? host.address
  const port = Number(one(config, 'port') ?? 22)
  const settings: SshSettings = {
    address,
    port,
    door: `${address}:${port}`,
    user: one(config, 'user') ?? userInfo().username,
    hostKeyAlias: one(config, 'hostkeyalias'),
    knownHosts: knownHostsOf(config, ssh),
    identities: [],
    identitiesOnly: ssh.identity !== undefined || one(config, 'identitiesonly') === 'yes',
    agent: agentOf(config),
    ...timeoutsOf(config),
  }
  const inFull = (path: string) => expandHome(fillTokens(path, host, settings))
  settings.knownHosts = settings.knownHosts.map(inFull)
  settings.identities = (ssh.identity ? [ssh.identity] : (config.get('identityfile') ?? [])).map(inFull)
  settings.agent = settings.agent && inFull(settings.agent)
  const proxied = proxyOf(config, host, settings, openssh)
  // A jump host must be logged in to before the host itself can say a word.
  return proxied ? { ...settings, ...proxied, answerTimeoutMs: settings.connectTimeoutMs } : settings
}

const defaults = { answerTimeoutMs: 8000, connectTimeoutMs: 20_000 }

function timeoutsOf(config: OpenSshConfig): typeof defaults {
  const given = Number(one(config, 'connecttimeout')) * 1000
  return given ? { answerTimeoutMs: given, connectTimeoutMs: given } : defaults
}

function standaloneSettings(host: Host, ssh: SshOptions): SshSettings {
  const port = host.port ?? 22
  return {
    address: host.address,
    port,
    door: `${host.address}:${port}`,
    user: host.user ?? userInfo().username,
    knownHosts: ssh.knownHosts ? [expandHome(ssh.knownHosts)] : [],
    identities: ssh.identity ? [expandHome(ssh.identity)] : [],
    identitiesOnly: true,
    ...defaults,
  }
}

function refuseCertificates(host: Host, config: OpenSshConfig): void {
  const certificate = one(config, 'certificatefile')
  if (certificate && certificate !== 'none')
    throw new UsageError({
      kind: 'unusable-ssh',
      host: host.name,
      problem: `OpenSSH is configured to use the certificate ${certificate}, and certificates are not supported here`,
      advice: 'Give a plain key that the host admits: `ssh: { identity: … }` in the cluster file.',
    })
}

function knownHostsOf(config: OpenSshConfig, ssh: SshOptions): string[] {
  const words = (keyword: string) =>
    (one(config, keyword) ?? '').split(' ').filter((word) => word && word !== 'none')
  return [
    ...(ssh.knownHosts ? [ssh.knownHosts] : words('userknownhostsfile')),
    ...words('globalknownhostsfile'),
  ]
}

function agentOf(config: OpenSshConfig): string | undefined {
  const configured = one(config, 'identityagent') ?? 'SSH_AUTH_SOCK'
  if (configured === 'none') return undefined
  const variable = /^(?:SSH_AUTH_SOCK$|\$\{?(\w+)\}?$)/.exec(configured)
  return variable ? process.env[variable[1] ?? 'SSH_AUTH_SOCK'] || undefined : configured
}

/** A jump host is OpenSSH's own business, keys and configuration included, except that its key is always checked. */
function proxyOf(
  config: OpenSshConfig,
  host: Host,
  settings: SshSettings,
  openssh: string[],
): Pick<SshSettings, 'proxy' | 'door'> | undefined {
  const jumps = one(config, 'proxyjump')?.split(',') ?? []
  const last = jumps.pop()
  if (last && last !== 'none') {
    const before = jumps.length > 0 ? ['-J', jumps.join(',')] : []
    const checked = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes']
    const target = `[${settings.address}]:${settings.port}`
    const jump = last.startsWith('ssh://') ? last : `ssh://${last}`
    return { proxy: ['ssh', ...openssh, ...checked, ...before, '-W', target, '--', jump], door: jump }
  }
  const command = one(config, 'proxycommand')
  if (!command || command === 'none') return undefined
  return { proxy: ['sh', '-c', `exec ${fillTokens(command, host, settings)}`], door: command }
}

/** OpenSSH's percent tokens, as far as they concern one host. */
function fillTokens(text: string, host: Host, settings: SshSettings): string {
  const tokens: Record<string, string> = {
    '%': '%',
    d: homedir(),
    h: settings.address,
    k: settings.hostKeyAlias ?? settings.address,
    L: hostname().split('.')[0] as string,
    l: hostname(),
    n: host.address,
    p: String(settings.port),
    r: settings.user,
    u: userInfo().username,
  }
  return text.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole)
}

function one(config: OpenSshConfig, keyword: string): string | undefined {
  return config.get(keyword)?.[0]
}
