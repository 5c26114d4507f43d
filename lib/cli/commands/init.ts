import { existsSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import type { Roles } from '../../model/host.ts'
import { UsageError } from '../../model/problem.ts'
import type { Answers } from '../cluster-template.ts'
import { clusterTemplate } from '../cluster-template.ts'
import type { Context } from '../command.ts'
import { command } from '../command.ts'
import { complain, print } from '../output.ts'

export const init = command({
  name: 'init',
  summary: 'Write a cluster file, asking when a terminal is there',
  options: {},
  async run(context) {
    const { root, common, options } = context
    const file = resolve(common.cluster ?? join(root, 'cluster.yml'))
    if (existsSync(file)) throw alreadyThere(file)
    const given = answersFrom(context)
    const asks = process.stdin.isTTY && process.stderr.isTTY
    const answers = asks ? await ask(given, options.roles ?? {}) : given
    if (!answers) {
      complain('\nNothing was written.\n')
      return 130
    }
    write(file, clusterTemplate(answers, options.roles ?? {}))
    print(`Wrote ${relative(process.cwd(), file)}. Look it over, then: npx tsx tasks status\n`)
    return 0
  },
})

function answersFrom({ root, common, hosts }: Context): Answers {
  return { name: basename(root), user: common.user, hosts }
}

/** @returns undefined when the answers end before the questions do: Ctrl-C, Ctrl-D */
async function ask(given: Answers, roles: Roles): Promise<Answers | undefined> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new AbortController()
  terminal.once('close', () => closed.abort())
  const question = async (words: string, before = '') => {
    const prompt = `${words}${before && ` [${before}]`}: `
    return (await terminal.question(prompt, { signal: closed.signal })).trim() || before
  }
  try {
    const name = await question('Name of the cluster', given.name)
    const user = await question('User on its hosts (empty: what ~/.ssh/config says)', given.user)
    const hosts: Answers['hosts'] = {}
    for (const [role, how] of Object.entries(roles)) {
      const words = how === 'one' ? `Address of the ${role}` : `Addresses of the ${role}, between commas`
      const addresses = (await question(words, given.hosts[role]?.join(', '))).split(',')
      hosts[role] = addresses.map((address) => address.trim()).filter((address) => address !== '')
    }
    return { name, user: user || undefined, hosts }
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return undefined
    throw error
  } finally {
    terminal.close()
  }
}

/** Written only if it is still not there: `wx` refuses what came in between. */
function write(file: string, content: string): void {
  try {
    writeFileSync(file, content, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(file)
    throw error
  }
}

function alreadyThere(file: string): UsageError {
  return new UsageError({
    kind: 'file-exists',
    file,
    advice: 'Edit it, or write another one with `init --cluster FILE`.',
  })
}
