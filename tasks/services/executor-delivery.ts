import { type FactValue, type Reason, type RemoteHost, refuse } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { executorFiles } from '../known/artefacts.ts'
import { executorPackage } from '../known/layout.ts'

/** Either `distribute` installs all that slaves need, or Mesos' fetcher brings them the executors, which lie in a store. */

const observer = 'thermos_observer.pex'

export function isFetched({ executor }: Config): boolean {
  return executor.delivery === 'fetcher'
}

/** What Mesos' fetcher brings: Mesos starts it, in a sandbox of its own. */
export function publishedFiles(config: Config): string[] {
  return isFetched(config) ? executorFiles(config).filter((file) => file !== observer) : []
}

/** What `distribute` installs. */
export function packedFiles(config: Config): string[] {
  return isFetched(config) ? [observer] : executorFiles(config)
}

/** On the master: a line for each file that is in the store, its URI. */
export const publishedList = `${executorPackage.onMaster}/published`

export const publishedFact = { published: { role: 'master', file: publishedList } }

/** File name → URI. */
export function readPublished(fact: FactValue | undefined): Record<string, string> {
  const uris = typeof fact === 'string' ? fact.split('\n').filter(Boolean) : []
  if (uris.length === 0)
    refuse(
      `Where the executors were published is not known: the master has no ${publishedList}.`,
      'Publish them first: run package-executor.',
    )
  return Object.fromEntries(uris.map((uri) => [uri.slice(uri.lastIndexOf('/') + 1), uri]))
}

/** Asks only where that is cheap, and where the master has what it takes: without being brought all of it. */
export async function askStore({ ask, read }: RemoteHost): Promise<Reason[]> {
  const uris = Object.values(readPublished(String(await read(publishedList))))
  const reasons = uris
    .filter((uri) => /^https?:/.test(uri))
    .map(async (uri): Promise<Reason[]> => {
      const { exitCode, stderr } = await ask([...curlHead, uri])
      if (exitCode === 0 || exitCode === notFound) return []
      return [{ kind: 'probe-failed', detail: `${uri} cannot be fetched: ${stderr.trim()}` }]
    })
  return (await Promise.all(reasons)).flat()
}

const curlHead = [
  'curl',
  '--silent',
  '--show-error',
  '--fail',
  '--head',
  '--noproxy',
  '*',
  '--max-time',
  '10',
]

/** What a shell says of a program that is not there. */
const notFound = 127
