import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startSshd } from './sshd.ts'
import { Workspace } from './workspace.ts'

/** What only the host sees: an empty `/var/lib`, and who has which login shell. */
const itsOwn = `
  mount -t tmpfs tmpfs /var/lib
  sed "s|^\\(root:.*:\\).*|\\1$(command -v "$0")|" /etc/passwd >/var/lib/passwd
  mount --bind /var/lib/passwd /etc/passwd
  exec "$@"
`

/**
 * A workspace, and a host with real OpenSSH for the program itself, which knows of no other root than `/`: what the
 * engine keeps there is seen by nobody else. Scripts find the host's own folder in `$FOLDER`. Only root can make it.
 * @param run body of the `run` of the only task, `work`
 * @param scripts content by name
 */
export async function hostOfProgram(
  run: string,
  scripts: Record<string, string>,
  { loginShell = 'bash' }: { loginShell?: string } = {},
) {
  const sshd = await startSshd([], ['unshare', '--mount', 'sh', '-euc', itsOwn, loginShell])
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
