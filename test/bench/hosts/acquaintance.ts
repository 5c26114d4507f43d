import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'

/** Where OpenSSH looks for what every user of a machine may know. */
const folder = '/etc/ssh'

/** Lets `ssh` know hosts by name, with their keys, and the hosts know us. */
export function introduce(hosts: { name: string; address: string }[]): void {
  makeKey('client_key')
  copyFileSync(`${folder}/client_key.pub`, `${folder}/authorized_keys`)
  const known = hosts.map(({ name, address }) => {
    makeKey(name)
    writeFileSync(sshdConfig(name), sshdSettings(name, address))
    return `${address} ${readFileSync(`${folder}/${name}.pub`, 'utf8')}`
  })
  writeFileSync(`${folder}/ssh_known_hosts`, known.join(''))
  const named = hosts.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`)
  writeFileSync(`${folder}/ssh_config`, [...named, `Host *\n  IdentityFile ${folder}/client_key\n`].join(''))
}

export function sshdConfig(host: string): string {
  return `${folder}/${host}.config`
}

function sshdSettings(name: string, address: string): string {
  return [
    `ListenAddress ${address}`,
    `HostKey ${folder}/${name}`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'LogLevel FATAL',
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n')
}

function makeKey(name: string): void {
  const options = ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', `${folder}/${name}`]
  execFileSync('ssh-keygen', options, { stdio: ['ignore', 'ignore', 'inherit'] })
}
