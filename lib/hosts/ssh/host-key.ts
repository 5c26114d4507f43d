import { Failed } from '../../model/failure.ts'
import type { Host } from '../../model/host.ts'
import type { KnownHost } from './known-hosts.ts'
import { fingerprint, judgeKey, knownName, knownTypes, typeOf } from './known-hosts.ts'
import { quote } from './quote.ts'
import type { SshSettings } from './ssh-settings.ts'

/** Why a host that shows this key is not to be talked to; undefined when it is the one we know. */
export function keyRefusal(
  host: Host,
  settings: SshSettings,
  lines: KnownHost[],
  key: Buffer,
): Failed | undefined {
  const verdict = judgeKey(lines, nameOf(settings), key)
  switch (verdict.is) {
    case 'known':
      return undefined
    case 'unknown':
      return new Failed({
        kind: 'host-key',
        host: host.name,
        fingerprint: fingerprint(key),
        ...(verdict.authority && { authority: placeOf(verdict.authority) }),
        accept: acceptance(settings, key),
      })
    case 'changed':
      return new Failed({
        kind: 'host-key',
        host: host.name,
        fingerprint: fingerprint(key),
        known: fingerprint(verdict.known),
        accept: `${removal(settings, lines)} && ${acceptance(settings, key)}`,
      })
    case 'revoked':
      return new Failed({
        kind: 'host-key',
        host: host.name,
        fingerprint: fingerprint(key),
        revoked: placeOf(verdict.by),
      })
  }
}

/** What to ask the host to prove itself with: the types that it is known by first, lest another key look like a change. */
export function hostKeyAlgorithms(settings: SshSettings, lines: KnownHost[]): string[] {
  const known = knownTypes(lines, nameOf(settings)).flatMap((type) =>
    type === 'ssh-rsa' ? rsaAlgorithms : type,
  )
  const supported = ['ssh-ed25519', ...ecdsaAlgorithms, ...rsaAlgorithms]
  return [...new Set([...known.filter((type) => supported.includes(type)), ...supported])]
}

const ecdsaAlgorithms = ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']
const rsaAlgorithms = ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']

function placeOf({ file, line }: KnownHost): string {
  return `${file}, line ${line}`
}

function nameOf({ hostKeyAlias, address, port }: SshSettings): string {
  return hostKeyAlias ?? knownName(address, port)
}

/** A host that is reached through another, or known by an alias, cannot be asked by ssh-keyscan: its line is given whole. */
function acceptance(settings: SshSettings, key: Buffer): string {
  const file = fileInUse(settings)
  const type = typeOf(key)
  if (settings.proxy || settings.hostKeyAlias)
    return `echo ${quote(`${nameOf(settings)} ${type} ${key.toString('base64')}`)} >> ${file}`
  const port = settings.port === 22 ? '' : `-p ${settings.port} `
  return `ssh-keyscan -t ${type.replace(/^ssh-|-sha2-.*$/g, '')} ${port}${quote(settings.address)} >> ${file}`
}

function removal(settings: SshSettings, lines: KnownHost[]): string {
  const inUse = settings.knownHosts.find((file) =>
    lines.some((line) => line.file === file && knownTypes([line], nameOf(settings)).length > 0),
  )
  return `ssh-keygen -R ${quote(nameOf(settings))} -f ${inUse ? quote(inUse) : fileInUse(settings)}`
}

function fileInUse({ knownHosts }: SshSettings): string {
  return knownHosts[0] ? quote(knownHosts[0]) : '~/.ssh/known_hosts'
}
