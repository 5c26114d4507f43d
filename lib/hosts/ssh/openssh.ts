import { execFile } from 'node:child_process'
import { UsageError } from '../../model/problem.ts'

/** What `ssh -G` says: the values of each lower-case keyword, in order, as OpenSSH would use them. */
export type OpenSshConfig = Map<string, string[]>

/**
 * Asks OpenSSH what its configuration means for a host. Nothing is connected.
 * @param options further arguments of `ssh`, such as `-p 2222`
 */
export async function askOpenSsh(
  hostName: string,
  address: string,
  options: string[],
): Promise<OpenSshConfig> {
  const { error, stdout, stderr } = await run(['-G', ...options, '--', address])
  if (error?.code === 'ENOENT')
    throw new UsageError({
      kind: 'unusable-ssh',
      host: hostName,
      problem: 'the OpenSSH client (`ssh`), whose configuration says how to reach the host, is not installed',
      advice: 'Install it (Debian, Ubuntu: `apt-get install openssh-client`).',
    })
  if (error)
    throw new UsageError({
      kind: 'unusable-ssh',
      host: hostName,
      problem: `\`ssh -G ${address}\` fails: ${stderr.trim() || error.message}`,
      advice: 'Correct the OpenSSH configuration: `ssh` cannot use it either.',
    })
  return parse(stdout)
}

function parse(text: string): OpenSshConfig {
  const config: OpenSshConfig = new Map()
  for (const line of text.split('\n')) {
    const [keyword, ...rest] = line.split(' ')
    if (keyword) config.set(keyword, [...(config.get(keyword) ?? []), rest.join(' ')])
  }
  return config
}

interface Ran {
  error: NodeJS.ErrnoException | null
  stdout: string
  stderr: string
}

function run(args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile('ssh', args, { encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ error: error as NodeJS.ErrnoException | null, stdout, stderr }),
    )
    child.stdin?.end()
  })
}
