// How the miniatures use the miniature ZooKeeper.
import { openSession } from './session.mjs'

/** `zk://host:port,host:port/path` → its first server and the path; undefined for other forms. */
export function parseZooKeeperUrl(text) {
  const [, servers, path] = /^zk:\/\/(?:[^@/]*@)?([^/]+)(\/.*)?$/.exec(text) ?? []
  return servers && { server: servers.split(',')[0], path: path ?? '/' }
}

/** Names of a node's children, sorted; none where the node is not there. Throws when the server does not answer. */
export async function children(server, path) {
  return (await get(server, path))?.children ?? []
}

/** What a node holds; undefined where it is not there. */
export async function read(server, path) {
  return (await get(server, path))?.data
}

/** Makes a node that lives as long as this process, numbered by the server. `onMade` gets its name. */
export function announce(server, path, data, { onMade, onEnd }) {
  return openSession('PUT', `http://${server}${path}`, data, { onLine: ({ name }) => onMade?.(name), onEnd })
}

/** Where the leading Mesos master answers: `host:port`. Takes `host:port` itself, or `zk://…`; undefined: none leads. */
export async function findMaster(address) {
  const url = parseZooKeeperUrl(address)
  if (!url) return address
  const leader = (await children(url.server, url.path)).find((name) => name.startsWith('info_'))
  return leader && (await read(url.server, `${url.path}/${leader}`))?.address
}

async function get(server, path) {
  const response = await fetch(`http://${server}${path}`)
  if (response.status === 404) return undefined
  if (!response.ok) throw new Error(`ZooKeeper at ${server} answered ${response.status} for ${path}`)
  return response.json()
}
