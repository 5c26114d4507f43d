import { readFile } from 'node:fs/promises'
import type { BaseAgent, ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'

/**
 * An SSH agent whose keys are offered in an order that spares the server's patience (it counts every key that it
 * does not know): the configured identities first, the others after them or, with `only`, not at all.
 * @returns undefined when nobody answers at the socket, or there is no key to offer
 */
export async function openAgent(
  socket: string,
  identities: string[],
  only: boolean,
): Promise<BaseAgent | undefined> {
  const agent = ssh2.createAgent(socket)
  const keys = await keysOf(agent)
  const preferred = new Set(await Promise.all(identities.map(publicBlob)))
  const isPreferred = (key: ParsedKey) => preferred.has(key.getPublicSSH().toString('base64'))
  const offered = [...keys.filter(isPreferred), ...(only ? [] : keys.filter((key) => !isPreferred(key)))]
  if (offered.length === 0) return undefined
  return Object.assign(Object.create(agent) as BaseAgent, {
    getIdentities: (answer: (error: undefined, keys: ParsedKey[]) => void) => answer(undefined, offered),
  })
}

/** An agent at the end of a forwarded socket may accept, and never answer. */
const patience = 5000

function keysOf(agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), patience)
    agent.getIdentities((error, keys) => {
      clearTimeout(timer)
      resolve(error ? [] : ((keys ?? []) as ParsedKey[]))
    })
  })
}

/** The base64 blob of a key's `.pub` file; a configured identity may itself be one. */
async function publicBlob(identity: string): Promise<string | undefined> {
  const path = identity.endsWith('.pub') ? identity : `${identity}.pub`
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split(/\s+/)[1]
}
