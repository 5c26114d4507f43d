import type { Contender, Job } from './contender.ts'

/** As it is installed. */
export const ansible = ansibleWith('ansible', () => '')

/** As its documentation recommends where it is to be fast. */
export const ansibleTuned = ansibleWith(
  'ansible-tuned',
  ({ forks }) => `
forks = ${forks}
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
`,
)

function ansibleWith(name: string, settings: (job: Job) => string): Contender {
  const target = `/srv/${name}`
  return {
    name,
    comesFrom: { program: 'ansible-playbook', debian: 'ansible' },
    target,
    files: (job) => ({
      'ansible.cfg': `[defaults]\n${settings(job)}`,
      inventory: job.hosts.map((host) => `${host}\n`).join(''),
      'deploy.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - copy: { src: payload/, dest: ${target}/ }
`,
    }),
    deploy: () => ['ansible-playbook', '-i', 'inventory', 'deploy.yml'],
    idle: ({ hosts }) =>
      new RegExp(`^(?:.*: ok=1 +changed=0 +unreachable=0 +failed=0 .*\\n?){${hosts.length}}`, 'm'),
    after: [
      'sh',
      '-c',
      'for socket in "$HOME"/.ansible/cp/*; do ssh -o ControlPath="$socket" -O exit host; done',
    ],
  }
}
