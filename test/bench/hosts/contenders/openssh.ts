import type { Contender, Job } from './contender.ts'

const target = '/srv/openssh'

/** What the programs of OpenSSH take: what nobody does who uses SSH can take less. */
export const openssh: Contender = {
  name: 'openssh',
  comesFrom: { program: 'ssh', debian: 'openssh-client', versionOption: '-V' },
  target,
  files: (job) => ({ 'deploy.sh': deploy(job), hosts: job.hosts.map((host) => `${host}\n`).join('') }),
  deploy: () => ['sh', 'deploy.sh'],
  check: ({ forks }) => ['xargs', '-a', 'hosts', '-P', `${forks}`, '-I{}', 'ssh', '{}', 'true'],
}

function deploy({ forks }: Job): string {
  return `set -e
(cd payload && sha256sum -- *) >sums
xargs -a hosts -P ${forks} -I{} sh -c 'scp -qr payload {}:${target} && ssh {} "cd ${target} && sha256sum --quiet -c" <sums'
`
}
