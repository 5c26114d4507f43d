import { readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Cluster } from '../model/cluster.ts'
import { UsageError } from '../model/problem.ts'
import type { Context } from './command.ts'
import { complain } from './output.ts'

/** With which sudo lets the login user become root on the hosts: asked for, or from the file that the cluster names. */
export async function sudoPassword({ common }: Context, { ssh }: Cluster): Promise<string | undefined> {
  if (common['ask-sudo-password']) return ask('Password for sudo on the hosts: ')
  return ssh.sudoPasswordFile === undefined ? undefined : fromFile(ssh.sudoPasswordFile)
}

function fromFile(path: string): string {
  let text: string
  try {
    if ((statSync(path).mode & 0o077) !== 0)
      throw unusable(`Others than you can use ${path}, which holds a password.`, `Run \`chmod 600 ${path}\`.`)
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw unusable(`The password for sudo cannot be read: ${(error as Error).message}.`, advice)
  }
  const [line = ''] = text.split('\n')
  if (line === '') throw unusable(`The first line of ${path}, which is to be a password, is empty.`, advice)
  return line
}

const advice = 'Correct `ssh.sudoPasswordFile` in the cluster file, or remove it.'

function unusable(detail: string, advice: string): UsageError {
  return new UsageError({ kind: 'no-cluster', detail, advice })
}

/** The next line of standard input. A terminal does not show it. Fails with the name of a signal that comes meanwhile. */
async function ask(question: string): Promise<string> {
  const { stdin } = process
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: unseen, terminal: stdin.isTTY })
  if (stdin.isTTY) complain(question)
  let giveUp = (_name: NodeJS.Signals) => {}
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
      // A terminal that shows nothing sends no signal either.
      lines.once('SIGINT', () => process.emit('SIGINT', 'SIGINT'))
      giveUp = reject
      for (const name of signals) process.on(name, giveUp)
    })
    if (answer !== '') return answer
  } finally {
    for (const name of signals) process.off(name, giveUp)
    lines.close()
    if (stdin.isTTY) complain('\n')
  }
  throw new UsageError({
    kind: 'bad-option',
    option: '--ask-sudo-password',
    problem: 'was given no password',
  })
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
