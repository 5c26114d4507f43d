import type { Contender, Job } from './contender.ts'

/** As it is installed. */
export const ansible = ansibleWith('ansible', { play: '', config: () => '' })

/** As its documentation recommends where it is to be fast. */
export const ansibleTuned = ansibleWith('ansible-tuned', {
  play: '  gather_facts: false\n',
  config: ({ forks }) => `
[defaults]
forks = ${forks}
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
`,
})

interface Settings {
  play: string
  config(job: Job): string
}

function ansibleWith(name: string, { play, config }: Settings): Contender {
  const target = `/srv/${name}`
  return {
    name,
    comesFrom: { program: 'ansible-playbook', debian: 'ansible' },
    target,
    files: (job) => ({
      'ansible.cfg': config(job),
      inventory: job.hosts.map((host) => `${host}\n`).join(''),
      'deploy.yml': `- hosts: all\n${play}  tasks:\n    - copy: { src: payload/, dest: ${target}/ }\n`,
    }),
    deploy: () => ['ansible-playbook', '-i', 'inventory', 'deploy.yml'],
    idle: ({ hosts }) =>
      new RegExp(`^(?:.* : ok=\\d+ +changed=0 +unreachable=0 +failed=0 .*\\n?){${hosts.length}}`, 'm'),
    // Its connections stay open for a minute, and would save it logging in the next time.
    after: [
      'sh',
      '-c',
      'for socket in "$HOME"/.ansible/cp/*; do ssh -o ControlPath="$socket" -O exit host; done',
    ],
  }
}
