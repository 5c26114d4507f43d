import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startSshd } from './sshd.ts'
import { Workspace } from './workspace.ts'

/** Mounts an empty `/var/lib` that only what it starts sees. */
const withOwnState = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /var/lib && exec "$@"', 'sh']

/**
 * A workspace, and a host with real OpenSSH for the program itself, which knows of no other root than `/`: what the
 * engine keeps there is seen by nobody else. Scripts find the host's own folder in `$FOLDER`. Only root can make it.
 * @param run body of the `run` of the only task, `work`
 * @param scripts content by name
 */
export async function hostOfProgram(run: string, scripts: Record<string, string>) {
  const sshd = await startSshd([], withOwnState)
  onTestFinished(() => sshd.stop())
  const { folder, port } = sshd
  const workspace = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const work = task({
        module: import.meta.url,
        name: 'work',
        description: 'Work on the host',
        on: 'hosts',
        inputs: { files: ['remote-scripts/*'] },
        async run({ host, log }) {
          const env = { FOLDER: '${join(folder, 'root')}' }
          ${run}
        },
      })
      await main({ tasks: [work], roles: { hosts: 'many' } })
    `,
    'cluster.yml': [
      'name: test',
      'hosts:',
      `  hosts: [{ address: 127.0.0.1, port: ${port}, name: host-1 }]`,
      `ssh: { identity: ${folder}/client_key, knownHosts: ${folder}/known_hosts }`,
      '',
    ].join('\n'),
    ...Object.fromEntries(
      Object.entries(scripts).map(([name, content]) => [`remote-scripts/${name}`, content]),
    ),
  })
  return { sshd, workspace, there: (path: string) => join(folder, 'root', path) }
}
