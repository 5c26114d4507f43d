import type { Contender } from './contender.ts'

/** What the programs of OpenSSH take: what nobody does who uses SSH can take less. */
export const openssh = opensshWith('openssh', '')

/** With the key exchange that the engine's SSH library has: what OpenSSH agrees on with itself takes ten times as long. */
export const opensshCurve25519 = opensshWith('openssh-curve25519', '-o KexAlgorithms=curve25519-sha256')

function opensshWith(name: string, options: string): Contender {
  const target = `/srv/${name}`
  return {
    name,
    comesFrom: { program: 'ssh', debian: 'openssh-client', versionOption: '-V' },
    target,
    files: ({ hosts, forks }) => ({
      hosts: hosts.map((host) => `${host}\n`).join(''),
      'check.sh': `xargs -a hosts -P ${forks} -I{} ssh ${options} {} true\n`,
      'deploy.sh': `set -e
(cd payload && sha256sum -- *) >sums
xargs -a hosts -P ${forks} -I{} sh -c '
  scp -qr ${options} payload {}:${target} && ssh ${options} {} "cd ${target} && sha256sum --quiet -c" <sums
'
`,
    }),
    deploy: () => ['sh', 'deploy.sh'],
    check: () => ['sh', 'check.sh'],
  }
}
