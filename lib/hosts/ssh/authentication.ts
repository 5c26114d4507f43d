import { existsSync } from 'node:fs'
import type { AnyAuthMethod } from 'ssh2'
import type { Host } from '../../model/host.ts'
import { UsageError } from '../../model/problem.ts'
import { openAgent } from './agent.ts'
import type { PrivateKey } from './private-key.ts'
import { readPrivateKey } from './private-key.ts'
import type { SshSettings } from './ssh-settings.ts'

export interface Authentication {
  /** What to offer, in this order. */
  methods: AnyAuthMethod[]
  /** Keys that were meant but cannot be used, in words. */
  unusable: string[]
}

interface Identity {
  path: string
  key: PrivateKey
  /** OpenSSH takes a certificate that lies beside a key without being told. */
  certificate: string | undefined
}

/** What we may prove ourselves with. Nothing at all is a usage error that says what each key lacks. */
export async function authenticationOf(host: Host, settings: SshSettings): Promise<Authentication> {
  const { user: username } = settings
  const agent =
    settings.agent && (await openAgent(settings.agent, settings.identities, settings.identitiesOnly))
  const identities = await Promise.all(
    settings.identities.map(async (path) => {
      const certificate = `${path}-cert.pub`
      return {
        path,
        key: await readPrivateKey(path),
        certificate: existsSync(certificate) ? certificate : undefined,
      }
    }),
  )
  const keys = identities.flatMap(({ key }) => (key.is === 'usable' ? [key.pem] : []))
  if (!agent && keys.length === 0) throw nothingToOffer(host, settings, identities)
  return {
    methods: [
      { type: 'none', username },
      ...(agent ? [{ type: 'agent' as const, username, agent }] : []),
      ...keys.map((key) => ({ type: 'publickey' as const, username, key })),
    ],
    unusable: identities.flatMap((identity) => [
      ...unusableBecause(identity),
      ...(identity.certificate
        ? [`${identity.certificate} is a certificate, which is not supported here`]
        : []),
    ]),
  }
}

function unusableBecause({ path, key }: Identity): string[] {
  switch (key.is) {
    case 'usable':
    case 'absent':
      return []
    case 'unreadable':
      return [`${path} cannot be read (${key.why})`]
    case 'encrypted':
      return [`${path} has a passphrase: only an agent can use it`]
    case 'security-key':
      return [`${path} is a security key (${key.type}), which is not supported here`]
  }
}

function nothingToOffer(host: Host, settings: SshSettings, identities: Identity[]): UsageError {
  const encrypted = identities.find(({ key }) => key.is === 'encrypted')
  const agent = settings.agent ? 'the agent offers none' : 'there is no agent'
  const why = identities.flatMap(unusableBecause).join('; ') || absent(identities)
  return new UsageError({
    kind: 'unusable-ssh',
    host: host.name,
    problem: `no key to log in with: ${why}, and ${agent}`,
    advice: encrypted
      ? `Unlock it for this session: \`eval "$(ssh-agent)" && ssh-add ${encrypted.path}\`.`
      : 'Name a private key that the host admits (`ssh: { identity: … }` in the cluster file), or add one to an SSH agent.',
  })
}

function absent(identities: Identity[]): string {
  const paths = identities.map(({ path }) => path)
  if (paths.length === 0) return 'none is configured'
  return paths.length === 1 ? `${paths[0]} does not exist` : `none of ${paths.join(', ')} exists`
}
